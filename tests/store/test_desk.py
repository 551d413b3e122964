"""What a form tells the desk: her word at once, a paper only what is stricter, and both only as long as they count."""

from __future__ import annotations

import pytest

from intake.forms.entry import Entry
from intake.store import desk

WAYS = [{"method": way, "value": f"{way}-1", "safe": "safe"} for way in ("mobile", "email")]
NOT_MAIL = {"value": {"mobile": "safe", "email": "not-safe"}}
TICKED = {"id_contact_methods": {"value": ["mobile", "email"]}, "id_safe_to_contact": NOT_MAIL}


@pytest.fixture
def patient(make):
    return make.patient(contacts=WAYS, name_used="")


def safe(patient):
    return {each["method"]: each["safe"] for each in patient.contacts}


def test_a_page_without_a_word_of_it_changes_nothing(make, patient, session):
    paper = make.transcript(make.visit(patient))
    desk.tell(session, paper, Entry(answers={"fn_goal_top": {"value": "To lift"}}), {}, {})
    assert (patient.contacts, patient.name_used, paper.reach) == (WAYS, "", [])


def test_a_paper_makes_a_way_stricter_and_remembers_what_it_was(make, patient, session):
    paper = make.transcript(make.visit(patient))
    desk.tell(session, paper, Entry(answers=TICKED), TICKED, {})
    assert safe(patient) == {"mobile": "safe", "email": "not-safe"}
    assert paper.reach == [{"method": "email", "value": "email-1", "before": "safe", "after": "not-safe", "saved": 0}]


def test_a_name_that_is_typed_letter_by_letter_is_the_whole_name_in_the_end(make, patient, session):
    paper = make.transcript(make.visit(patient))
    for name in ("Ro", "Rowan"):
        desk.tell(session, paper, Entry(answers={"id_name_used": {"value": name}}), {}, {})
    assert patient.name_used == "Rowan"


def test_a_paper_never_changes_a_name_that_somebody_else_gave(make, session):
    paper = make.transcript(make.visit(make.patient(name_used="Robin")))
    desk.tell(session, paper, Entry(answers={"id_name_used": {"value": "Rowan"}}), {}, {})
    assert paper.patient.name_used == "Robin"


def test_her_own_word_always_counts(make, patient, session):
    hers = make.intake(make.visit(patient))
    desk.tell(session, hers, Entry(answers={**TICKED, "id_name_used": {"value": "Rowan"}}), TICKED, {})
    assert safe(patient) == {"mobile": "safe", "email": "not-safe"}
    assert patient.name_used == "Rowan"
    assert hers.reach == []


def test_a_correction_about_something_else_touches_no_way_to_reach_her(session, make, patient):
    paper = make.transcript(make.visit(patient))
    desk.tell(session, paper, Entry(answers=TICKED), TICKED, {})
    desk.tell_again(session, paper, {"fn_goal_top": {"value": "To run"}}, {"fn_goal_top": {"value": "To lift"}})
    assert safe(patient) == {"mobile": "safe", "email": "not-safe"}
