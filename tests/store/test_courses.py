"""What happened to plans of care: rows that stay, days for the clocks, and nothing about anybody in the clear."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import exc, text

from intake.actions import courses as acts
from intake.clinical.certification import Act
from intake.store import courses, notes

PLAN = {
    "poc_plan": {"value": "new"},
    "poc_duration": {"value": {"number": "8", "unit": "wk"}},
    "poc_certified": {"value": "yes"},
    "poc_provider": {"value": "Dr. Ash Romero"},
}


@pytest.fixture
def sent(make, session):
    visit = make.visit()
    return acts.keep(
        session, visit.patient, Act.SENT, make.now.date(), who="Dr. Ash", way="fax", by=visit.therapist, now=make.now
    )


def rows_of(session, patient_id):
    return courses.of_patients(session, [patient_id]).get(patient_id, [])


def test_what_was_recorded_is_found_with_the_patient(session, make, sent):
    (row,) = rows_of(session, sent.patient_id)
    assert (row.act, row.who, row.way, row.user.id) == ("sent", "Dr. Ash", "fax", sent.user_id)
    assert rows_of(session, make.patient().id) == []
    assert courses.of_patients(session, []) == {}
    assert courses.get(session, sent.id) is row


@pytest.mark.parametrize("change", ["DELETE FROM plan_events", "UPDATE plan_events SET act = 'returned'"])
def test_it_cannot_be_taken_out(session, sent, change):
    with pytest.raises(exc.DBAPIError, match="stays on record"):
        session.execute(text(change))
    session.rollback()
    assert sent.id


def test_who_it_went_to_is_not_in_the_clear(session, sent):
    (words,) = session.execute(text("SELECT words FROM plan_events")).one()
    assert b"Ash" not in bytes(words)
    assert sent.id


def test_what_was_taken_back_counts_no_more(session, make, sent):
    acts.take_back(session, sent, by=sent.user, now=make.now)
    assert len(rows_of(session, sent.patient_id)) == 2
    assert courses.events(rows_of(session, sent.patient_id)) == []


def test_signing_a_plan_leaves_its_days(session, make):
    goal = {
        "goal": {
            "value": [
                {"goal_text": {"value": "Walk"}, "goal_target": {"value": "30"}, "goal_due": {"value": "2027-01-01"}}
            ]
        }
    }
    note = make.note(answers={**goal, **PLAN}, signed=True, form="assessment")
    (row,) = rows_of(session, note.patient_id)
    on = notes.day(session, note)
    assert (row.act, row.happened_on, row.weeks, row.who, row.note_id) == ("first", on, 8, "Dr. Ash Romero", note.id)


@pytest.mark.parametrize(
    "change",
    [{"poc_plan": {"value": "unchanged"}}, {"poc_certified": {"value": "no"}}, {"poc_duration": {"status": "skipped"}}],
)
def test_a_plan_nobody_certifies_leaves_nothing(make, change):
    note = make.note()
    assert courses.of_signing(note, {**PLAN, **change}, date(2026, 11, 23), by=note.author_id, now=make.now) is None


@pytest.mark.parametrize("form", ["discharge", "discharge.late"])
def test_a_discharge_ends_the_clocks(make, form):
    note = make.note()
    note.response.form = form
    row = courses.of_signing(note, {}, date(2026, 11, 23), by=note.author_id, now=make.now)
    assert row.act == Act.ENDED
