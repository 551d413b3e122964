"""What a form tells the desk: her word at once, a paper only what is stricter, and both only as long as they count."""

from __future__ import annotations

import pytest

from intake.actions import corrections
from intake.clinical import contacts
from intake.forms.entry import Entry
from intake.store import desk, responses

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


def ticked(*ways, **said):
    return {
        "id_contact_methods": {"value": list(ways)},
        "id_safe_to_contact": {"value": {way: word.replace("_", "-") for way, word in said.items()}},
    }


def typed(make, session, paper, *said):
    """Save the page again and again, each time with more on it or with something put right."""
    earlier = {}
    for page in said:
        answers = {name: answer for name, answer in page.items() if answer}
        (section,) = {responses.form_of(paper).section_of[name].id for name in page}
        _before, version, _at = responses.sections(session, paper.id)[section]
        responses.save_section(session, paper.id, section, answers, over=version, now=make.now)
        desk.tell(session, paper, Entry(answers=answers, emptied=page.keys() - answers), answers, earlier)
        earlier = answers


def test_a_way_that_is_ticked_after_the_page_saved_itself_is_as_the_paper_says(make, patient, session):
    paper = make.transcript(make.visit(patient))
    whole = ticked("mobile", "email", mobile="safe", email="safe")
    typed(make, session, paper, ticked("mobile"), ticked("mobile", "email"), whole, whole)
    assert safe(patient) == {"mobile": "safe", "email": "safe"}


def test_a_slip_that_is_put_right_while_it_is_typed_leaves_nothing_behind(make, patient, session):
    paper = make.transcript(make.visit(patient))
    slip, right = (ticked("mobile", "email", mobile="safe", email=word) for word in ("not_safe", "safe"))
    typed(make, session, paper, slip, right)
    assert safe(patient) == {"mobile": "safe", "email": "safe"}
    typed(make, session, paper, right, slip)
    assert safe(patient) == {"mobile": "safe", "email": "not-safe"}, "it can still be made stricter"


@pytest.mark.parametrize("slip", [("email",), ("mobile", "email"), ("mobile",)])
def test_a_tick_in_the_wrong_line_that_is_taken_out_again_leaves_every_way_as_it_was(make, patient, session, slip):
    paper = make.transcript(make.visit(patient))
    typed(make, session, paper, ticked(*slip), {"id_contact_methods": None})
    assert safe(patient) == {"mobile": "safe", "email": "safe"}


def test_what_somebody_else_forbade_while_a_paper_is_typed_it_does_not_allow_again(make, patient, session):
    paper = make.transcript(make.visit(patient))
    typed(make, session, paper, ticked("mobile"))
    patient.contacts = contacts.saved_by_hand(patient.contacts, patient.contacts)
    typed(make, session, paper, ticked("mobile", "email", mobile="safe", email="safe"))
    assert safe(patient) == {"mobile": "safe", "email": "not-safe"}


def test_what_she_says_herself_while_a_paper_is_typed_it_does_not_allow_again(make, patient, session):
    paper, hers = make.transcript(make.visit(patient)), make.intake(make.visit(patient))
    typed(make, session, paper, ticked("mobile"))
    typed(make, session, hers, ticked("mobile", "email", mobile="safe", email="not_safe"))
    typed(make, session, paper, ticked("mobile", "email", mobile="safe", email="safe"))
    assert safe(patient) == {"mobile": "safe", "email": "not-safe"}


def test_a_slip_in_a_correction_goes_back_to_what_the_paper_said_before(make, patient, session):
    said = ticked("mobile", "email", mobile="safe", email="appointments_only")
    paper = make.transcript(make.visit(patient))
    typed(make, session, paper, said)
    paper.status, paper.completed_at = responses.COMPLETED, make.now
    session.commit()
    made = corrections.begin(session, paper, by=paper.visit.therapist, now=make.now)
    typed(make, session, made, ticked("mobile", "email", mobile="not_safe", email="not_safe"), said)
    assert safe(patient) == {"mobile": "safe", "email": "appointments-only"}
    assert made.reach[0]["before"] == "safe", "what stood before the paper can still be given back"


@pytest.mark.parametrize(
    ("right", "left"), [({"mobile": "safe"}, "safe"), ({"email": "appointments_only"}, "appointments-only")]
)
def test_a_wrong_word_that_a_correction_takes_out_leaves_the_way_as_it_was_before_the_paper(
    make, patient, session, right, left
):
    wrong = ticked("mobile", "email", mobile="safe", email="not_safe")
    paper = make.transcript(make.visit(patient))
    typed(make, session, paper, wrong)
    paper.status, paper.completed_at = responses.COMPLETED, make.now
    session.commit()
    made = corrections.begin(session, paper, by=paper.visit.therapist, now=make.now)
    said = ticked("mobile", "email", **right)
    typed(make, session, made, said)
    paper.status = responses.AMENDED
    session.flush()
    desk.tell_again(session, made, said, wrong)
    assert safe(patient) == {"mobile": "safe", "email": left}


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
