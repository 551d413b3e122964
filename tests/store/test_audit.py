"""A line in the trail says who did what to whose record: ids and codes, never a name or an answer."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select, text

from intake.store import audit


def test_a_line_names_the_actor_the_act_and_the_patient(session, make):
    patient = make.patient()
    therapist = make.therapist()
    audit.record(session, "read.chart", actor=therapist, subject=patient, patient_id=patient.id, now=make.now)
    session.commit()
    line = audit.of_patient(session, patient.id)[-1]
    assert (line.actor_kind, line.actor_id, line.action) == ("user", therapist.id, "read.chart")
    assert (line.subject, line.subject_id) == ("patient", patient.id)


def test_what_nobody_did_was_done_by_the_system(session, make):
    audit.record(session, "clinic.setup-offered", now=make.now)
    session.commit()
    assert session.execute(text("SELECT actor_kind FROM audit ORDER BY seq DESC")).scalar() == "system"


def test_the_lines_of_a_patient_are_in_the_order_they_were_written(session, make):
    visit = make.visit()
    actions = [line.action for line in audit.of_patient(session, visit.patient_id)]
    assert actions == ["patient.created", "visit.scheduled"]


def test_a_line_is_gone_when_the_act_is_taken_back(session, make):
    audit.record(session, "never.happened", now=make.now)
    session.rollback()
    assert session.execute(text("SELECT count(*) FROM audit WHERE action = 'never.happened'")).scalar() == 0


def test_no_line_holds_a_name(session, make):
    make.plan(issued=True)
    lines = session.execute(text("SELECT * FROM audit")).all()
    assert lines
    assert not [line for line in lines if "Invented" in str(line) or "Example" in str(line)]


@pytest.mark.parametrize(
    "prose",
    [
        {"action": "it's done"}, {"reason": 'she said "no"'}, {"outcome": "é"}, {"categories": ("care\nsafety",)},
        {"reason": "x" * 41}, {"action": "x" * 61}, {"reason": "a\\b"},
    ],
)  # fmt: skip
def test_what_is_no_code_does_not_get_into_the_trail(session, make, prose):
    with pytest.raises(ValueError, match="no code"):
        audit.record(session, **{"action": "test.done", "now": make.now, **prose})


def test_a_line_says_which_hats_the_actor_wore_and_where_the_request_came_from(session, make):
    login = uuid.uuid4()
    session.info[audit.AROUND] = lambda: audit.Around(login, "ab" * 16)
    audit.record(session, "test.done", actor=make.user("therapist", "admin"), now=make.now)
    session.commit()
    line = session.scalars(select(audit.AuditEvent).where(audit.AuditEvent.action == "test.done")).one()
    assert (line.role, line.login_id, line.network) == ("admin therapist", login, "ab" * 16)
    assert audit.recorded(session)[-1] == "test.done"
