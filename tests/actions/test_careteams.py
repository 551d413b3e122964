"""Putting somebody on a care team by hand."""

from __future__ import annotations

import pytest

from intake.actions import careteams
from intake.actions.refusals import RefusedError
from intake.security.policy import Role
from intake.store import audit, careteam


def test_the_front_desk_puts_somebody_on_a_team_and_takes_them_off_again(session, make):
    patient, desk, helper = make.patient(), make.front_desk(), make.assistant()
    made = careteams.add(session, patient, helper, Role.ASSISTANT, by=desk, now=make.now)
    assert [member.user_id for member in careteam.members(session, patient.id, make.now)] == [helper.id]
    careteams.end(session, made, by=desk, now=make.now)
    assert careteam.members(session, patient.id, make.now) == []
    lines = [(line.action, line.actor_id, line.reason) for line in audit.of_patient(session, patient.id)[-2:]]
    assert lines == [("care-team.joined", desk.id, "assistant"), ("care-team.left", desk.id, "assistant")]


@pytest.mark.parametrize(
    ("roles", "role", "active"),
    [
        (["front-desk"], Role.THERAPIST, True),
        (["therapist"], Role.ASSISTANT, True),
        (["admin"], Role.ADMIN, True),
        (["assistant"], Role.ASSISTANT, False),
    ],
)
def test_a_team_has_active_therapists_and_assistants_in_their_own_role(session, make, roles, role, active):
    user = make.user(*roles, is_active=active)
    with pytest.raises(RefusedError, match="does not work in that role"):
        careteams.add(session, make.patient(), user, role, by=make.front_desk(), now=make.now)


def test_nobody_puts_themselves_on_a_team(session, make):
    both = make.user("therapist", "front-desk", "admin")
    with pytest.raises(RefusedError, match="put yourself"):
        careteams.add(session, make.patient(), both, Role.THERAPIST, by=both, now=make.now)


def test_twice_on_or_twice_off_is_refused(session, make):
    patient, desk = make.patient(), make.front_desk()
    made = careteams.add(session, patient, make.assistant(), Role.ASSISTANT, by=desk, now=make.now)
    with pytest.raises(RefusedError, match="already"):
        careteams.add(session, patient, made.user, Role.ASSISTANT, by=desk, now=make.now)
    careteams.end(session, made, by=desk, now=make.now)
    with pytest.raises(RefusedError, match="not on the team"):
        careteams.end(session, made, by=desk, now=make.now)
