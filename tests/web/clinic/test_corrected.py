"""Lines beside words that were corrected, with lines about papers that do not count any more."""

from __future__ import annotations

import pytest

from intake.clinical import additions
from intake.clinical.additions import Change
from intake.store import plans


def test_two_corrections_of_one_answer_are_two_lines_in_order(client, make, sign_in):
    note = make.note(answers={"im_impression": {"value": "Tender left, weak right."}}, signed=True)
    for old, new in (("Tender left", "Tender right"), ("weak right", "weak left")):
        make.add(note, addition=additions.correction(Change("im_impression", old, new), "Slip"))
    sign_in(note.author)
    page = client.get(f"/clinic/notes/{note.id}").text
    first, second = page.index("“Tender left”: “Tender right”"), page.index("“weak right”: “weak left”")
    assert first < second
    assert page.count("Corrected on") == 2


def test_an_accepted_wish_of_a_patient_stands_beside_the_words_too(client, make, sign_in):
    note = make.note(answers={"im_impression": {"value": "Tender left."}}, signed=True)
    wish = additions.Asked("7", make.now.date(), "It is my right side.")
    change = Change("im_impression", "left", "right")
    make.add(note, addition=additions.accepted(wish, change, "She is right.", "therapists"))
    sign_in(note.author)
    page = client.get(f"/clinic/notes/{note.id}").text
    assert "Instead of “left”: “right”." in page
    assert "“It is my right side.”" in page


GOAL = {
    "goal_text": {"value": "Walk without pain"},
    "goal_measure": {"value": "Minutes"},
    "goal_baseline": {"value": "5 minutes"},
    "goal_target": {"value": "30 minutes"},
    "goal_due": {"value": "2099-12-01"},
}


@pytest.fixture
def corrected(make):
    """A signed note, corrected in its impression and its goal."""
    said = {"im_impression": {"value": "Weakness on the left side"}, "goal": {"value": [GOAL]}}
    note = make.note(answers=said, signed=True)
    for change in (Change("im_impression", "left", "right"), Change("goal", "30 minutes", "10 minutes")):
        make.add(note, addition=additions.correction(change, "Slip"))
    return note


def test_a_plan_made_from_a_corrected_note_says_so_beside_the_words_it_took_over(client, sign_in, corrected):
    sign_in(corrected.author)
    client.get(f"/clinic/notes/{corrected.id}")
    plan = client.submit(f"/clinic/plans/notes/{corrected.id}", {}).location
    page = client.get(plan).text
    assert "30 minutes" in page
    assert "Instead of “30 minutes”: “10 minutes”." in page
    assert "“left”" not in page


def test_a_plan_that_has_the_corrected_words_needs_no_line(client, make, sign_in, session, corrected):
    sign_in(corrected.author)
    client.get(f"/clinic/notes/{corrected.id}")
    plan = client.submit(f"/clinic/plans/notes/{corrected.id}", {}).location
    kept = plans.of_patient(session, corrected.patient_id)[0]
    goal = {"cp_goal_text": {"value": "Walk"}, "cp_goal_target": {"value": "10 minutes"}}
    make.answer(kept.response, {"cp_goals": {"value": [goal]}})
    assert "Instead of" not in client.get(plan).text


def test_the_problems_of_a_chart_and_its_printed_first_page_say_what_was_corrected(client, sign_in, corrected):
    sign_in(corrected.author)
    chart = f"/clinic/charts/{corrected.patient_id}"
    for page in (client.get(chart).text, client.get(f"{chart}/print").text.partition("<article")[0]):
        assert "Weakness on the left side" in page
        assert "Instead of “left”: “right”." in page


def test_a_hit_of_a_search_says_that_its_words_were_corrected(client, sign_in, corrected):
    sign_in(corrected.author)
    page = client.submit(f"/clinic/charts/{corrected.patient_id}/search", {"words": "weakness"}).text
    assert "Instead of “left”: “right”." in page


def test_beside_another_note_stand_corrections_of_this_patient_alone(client, make, sign_in):
    words = {"im_impression": {"value": "Tender on the left side of the wall."}}
    note = make.note(answers=words, signed=True)
    change = Change("im_impression", "Tender on the left side of the wall.", "Tender on the right side.")
    make.add(note, "Nothing was corrected by this.")
    make.add(note, addition=additions.correction(change, "Slip"))
    visit = make.visit(note.patient, note.author, starts_at=make.now)
    quoting = make.note(visit, answers=words)
    other = make.note(make.visit(therapist=note.author), answers=words)
    sign_in(note.author)
    assert client.get(f"/clinic/notes/{quoting.id}").text.count("Taken over from the note of") == 1
    assert "Taken over from the note of" not in client.get(f"/clinic/notes/{other.id}").text
