"""Who is on a care team, from when until when: filled by visits, ended by dates."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from intake.actions import careteams, patients
from intake.security.policy import Role
from intake.store import careteam


def team(session, patient_id, now):
    return {member.user_id for member in careteam.members(session, patient_id, now)}


def test_the_team_is_whoever_has_a_visit(session, make):
    patient = make.patient()
    assert team(session, patient.id, make.now) == set()
    visits = [make.visit(patient), make.visit(patient)]
    assert team(session, patient.id, make.now) == {visit.therapist_id for visit in visits}


@pytest.mark.parametrize(
    ("days", "counts"), [(0, True), (89, True), (90, True), (91, False), (92, False), (4000, False)]
)
def test_it_ends_by_itself_ninety_days_after_the_last_visit(session, make, days, counts):
    visit = make.visit()  # tomorrow, so the ninetieth day after it is the ninety-first from now
    later = make.now + timedelta(days=days)
    assert (team(session, visit.patient_id, later) == {visit.therapist_id}) == counts


def test_a_visit_that_was_called_off_keeps_nobody_on_the_team(session, make):
    visit = make.visit(starts_at=make.now + timedelta(days=60))
    make.member(visit.patient, make.therapist(), Role.THERAPIST)
    patients.cancel(session, visit, by=make.front_desk(), now=make.now)
    assert len(team(session, visit.patient_id, make.now + timedelta(days=89))) == 1
    assert team(session, visit.patient_id, make.now + timedelta(days=91)) == set()


def test_a_new_visit_years_later_does_not_bring_back_the_old_team(session, make, clock):
    old = make.visit()
    make.member(old.patient)
    clock.shift(timedelta(days=800))
    new = make.visit(old.patient)
    assert team(session, old.patient_id, make.now) == {new.therapist_id}
    again = make.visit(old.patient, old.therapist)
    assert team(session, old.patient_id, make.now) == {new.therapist_id, again.therapist_id}


def test_nobody_is_on_the_team_before_they_joined_or_after_they_left(session, make, clock):
    visit, helper = make.visit(), make.assistant()
    joined = make.now
    make.member(visit.patient, helper)
    assert helper.id not in team(session, visit.patient_id, joined - timedelta(seconds=1))
    assert helper.id in team(session, visit.patient_id, joined)
    (member,) = (m for m in careteam.members(session, visit.patient_id, joined) if m.user_id == helper.id)
    clock.shift(60)
    careteams.end(session, member, by=make.front_desk(), now=make.now)
    assert helper.id not in team(session, visit.patient_id, make.now)
    assert helper.id in team(session, visit.patient_id, joined)


def test_somebody_is_on_a_team_in_a_role(session, make):
    visit = make.visit()
    assert careteam.teams_of(session, visit.therapist_id, make.now) == {"therapist": {visit.patient_id}}


def test_a_membership_is_found_by_its_id_or_not_at_all(session, make):
    visit = make.visit()
    (member,) = careteam.members(session, visit.patient_id, make.now)
    assert careteam.get(session, member.id) is member
    assert careteam.get(session, uuid.uuid4()) is None


def test_joining_twice_changes_nothing(session, make):
    visit = make.visit()
    ours = visit.patient_id, visit.therapist_id, "therapist"
    assert careteam.join(session, *ours, reason="assigned", now=make.now) is None
    assert len(careteam.members(session, visit.patient_id, make.now)) == 1
