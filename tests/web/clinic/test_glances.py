"""What a page takes from the chart, and that the line about the look says which parts of the record were on it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake.forms import reader
from intake.store import audit, careteam, flags
from intake.store.audit import AuditEvent
from tests.builders import NOTE, PLAN, filled
from tests.web.standings import PRIVATE

CARE = {"fn_goal_top": {"value": "Run again"}}
SENSITIVE = {**CARE, "ti_triggers": {"value": "Velcro"}}


def told(session, patient_id):
    """What the newest line about a patient says was shown."""
    session.rollback()
    line = audit.of_patient(session, patient_id)[-1]
    return line.action, line.categories


@pytest.mark.parametrize(("answers", "parts"), [({}, ""), (CARE, "care"), (SENSITIVE, "care sensitive")])
def test_the_line_about_a_chart_names_the_parts_of_its_summary(client, make, sign_in, session, answers, parts):
    intake = make.intake(answers=answers)
    sign_in(intake.visit.therapist).get(f"/clinic/charts/{intake.patient_id}")
    assert told(session, intake.patient_id) == ("read.read-chart", parts)


def test_what_an_assistant_is_not_shown_is_not_named(client, make, sign_in, session):
    intake = make.intake(answers=SENSITIVE)
    sign_in(make.member(intake.patient)).get(f"/clinic/charts/{intake.patient_id}")
    assert told(session, intake.patient_id) == ("read.read-chart", "care")


def test_a_draft_beside_the_chart_names_what_of_the_chart_stands_there(client, make, sign_in, session):
    intake = make.intake()
    note = make.note(intake.visit)
    make.answer(intake, SENSITIVE)
    sign_in(note.author).get(f"/clinic/notes/{note.id}")
    assert told(session, intake.patient_id) == ("read.read-note", "care sensitive")
    for member in careteam.members(session, intake.patient_id, make.now):
        member.until = make.now
    session.commit()
    client.get(f"/clinic/notes/{note.id}")
    assert told(session, intake.patient_id) == ("read.read-note", "")


def test_a_sign_is_named_after_what_it_speaks_of_and_whom_to_reach(client, make, sign_in, session):
    intake = make.intake(answers={"rf_harm_self": {"value": "yes"}}, submitted=True)
    (flag, *_more) = flags.of_patient(session, intake.patient_id)
    sign_in(intake.visit.therapist).get(f"/clinic/worklist/{flag.id}")
    assert told(session, intake.patient_id) == ("read.act-on-flag", f"desk {flag.because_tier}")
    client.get("/clinic/worklist")
    session.rollback()
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == "read.see-worklist")).one()
    assert flag.because_tier in line.categories.split()


def test_a_consent_and_its_words_are_named(client, make, sign_in, session):
    intake = make.intake(submitted=True)
    sign_in(intake.visit.therapist)
    assert "Rowan Invented" in client.get(f"/clinic/charts/{intake.patient_id}").text
    assert "care" in told(session, intake.patient_id)[1]


def test_each_document_is_named_by_its_tier(client, make, sign_in, session):
    note = make.note(signed=True, answers=filled(reader.latest("evaluation"), NOTE))
    plan = make.plan(note, {**PLAN, **PRIVATE}, issued=True)
    sign_in(note.author)
    for document in plan.documents:
        client.get(f"/clinic/plans/documents/{document.id}")
        assert told(session, note.patient_id) == ("read.read-document", document.tier)
    assert {document.tier for document in plan.documents} == {"care", "sensitive"}


def test_what_was_added_to_a_note_is_shown_to_whoever_may_see_the_private_part(client, make, sign_in, session):
    note = make.note(signed=True)
    make.add(note, "She called")
    make.add(note, "Do not use heat", readers="everybody")
    aide = make.member(note.patient)
    assert "She called" in sign_in(note.author).get(f"/clinic/notes/{note.id}").text
    assert "sensitive" in told(session, note.patient_id)[1]
    page = sign_in(aide).get(f"/clinic/notes/{note.id}").text
    assert "She called" not in page
    assert "Do not use heat" in page
    assert "sensitive" not in told(session, note.patient_id)[1]
