"""Lines beside words that were corrected, with lines about papers that do not count any more."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from intake.cli.demo import people
from intake.clinical import additions
from intake.clinical.additions import Change
from intake.forms import reader
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


@pytest.fixture
def twice(make):
    """Makes a signed evaluation at each of two visits of one patient; the answers of the later may need the first."""

    def made(first, later):
        visit = make.visit(starts_at=make.now - timedelta(hours=30))
        before = make.note(visit, answers=first, signed=True)
        said = later(before) if callable(later) else later
        return before, make.note(
            make.visit(visit.patient, before.author, starts_at=make.now), answers=said, signed=True
        )

    return made


def correct(make, note, question, old, new):
    make.add(note, addition=additions.correction(Change(question, old, new), "Slip"))


def taken_from(note, value):
    """An answer that was taken over from a note and looked at."""
    mark = {"note": str(note.id), "on": "2026-09-13T10:00:00+00:00", "at": "2026-09-14T10:00:00+00:00"}
    return {"value": value, "carried": {**mark, "right": "2026-09-14T10:01:00+00:00"}}


def told(client, note):
    """What the page of a note says of corrections in other notes."""
    page = " ".join(html.unescape(client.get(f"/clinic/notes/{note.id}").text).split())
    return re.findall(r"Taken over from the note of [^.]*? which was corrected .*?Instead of (“.*?”: “.*?”)\.", page)


def printed(client, note):
    return client.get(f"/clinic/charts/{note.patient_id}/print").text


CONSENT = {name: {"value": value} for name, value in people.consent().items()}


@pytest.mark.parametrize("is_later_wrong", [True, False])
def test_a_consent_that_was_corrected_says_nothing_of_the_consent_of_another_day(
    client, make, sign_in, twice, is_later_wrong
):
    first, later = twice(CONSENT, CONSENT)
    wrong, right = (later, first) if is_later_wrong else (first, later)
    correct(make, wrong, "co_external_decision", "Yes", "She said no")
    sign_in(first.author)
    assert told(client, right) == []
    assert printed(client, right).count("“Yes”: “She said no”") == 1
    assert "which was corrected on" not in printed(client, right)


TENSION, DEPTH = {"ab_tension": {"value": "moderate"}}, {"ab_depth": {"value": {"number": "2.5", "unit": "cm"}}}


def test_what_was_found_anew_on_another_day_is_not_called_taken_over(client, make, sign_in, twice):
    said = {**TENSION, **DEPTH, "ab_position": {"value": "supine"}, "im_impression": {"value": "Tender left side."}}
    first, later = twice(said, said)
    for wrong in (first, later):
        correct(make, wrong, "ab_tension", "Moderate", "Low")
        correct(make, wrong, "ab_depth", "2", "3")
        correct(make, wrong, "im_impression", "left", "right")
    sign_in(first.author)
    assert told(client, first) == told(client, later) == []
    assert "which was corrected on" not in printed(client, first)
    hits = client.submit(f"/clinic/charts/{first.patient_id}/search", {"words": "Tender"}).text
    assert hits.count("Instead of “left”: “right”.") == 2, "each note says its own"
    assert "which was corrected on" not in hits


def test_a_value_that_was_taken_over_says_what_it_was_corrected_to_in_the_note_it_is_from(client, make, sign_in, twice):
    first, later = twice(TENSION, lambda first: {"ab_tension": taken_from(first, "moderate")})
    correct(make, first, "ab_tension", "Moderate", "Low")
    sign_in(first.author)
    assert told(client, later) == ["“Moderate”: “Low”"]
    assert "Taken over from the note of" in printed(client, later)
    assert "which was corrected on" in printed(client, later)
    correct(make, later, "ab_tension", "Moderate", "High")
    assert told(client, first) == []


def test_a_value_that_went_through_several_notes_is_followed_to_where_it_was_corrected(client, make, sign_in, twice):
    first, second = twice(TENSION, lambda first: {"ab_tension": taken_from(first, "moderate")})
    visit = make.visit(first.patient, first.author, starts_at=make.now)
    third = make.note(visit, answers={"ab_tension": taken_from(second, "moderate")}, signed=True)
    correct(make, first, "ab_tension", "Moderate", "Low")
    sign_in(first.author)
    assert told(client, second) == told(client, third) == ["“Moderate”: “Low”"]


def test_a_value_that_is_from_another_note_says_nothing_of_the_one_before_that(client, make, sign_in, twice):
    first, second = twice(TENSION, TENSION)
    visit = make.visit(first.patient, first.author, starts_at=make.now)
    third = make.note(visit, answers={"ab_tension": taken_from(second, "moderate")}, signed=True)
    correct(make, first, "ab_tension", "Moderate", "Low")
    sign_in(first.author)
    assert told(client, third) == []
    correct(make, second, "ab_tension", "Moderate", "Low")
    correct(make, second, "ab_tension", "Low", "High")
    assert told(client, third) == ["“Moderate”: “Low”"], "of what was never here nothing is told"


def goal(number, **parts):
    said = {name: {"value": words} for name, words in parts.items()}
    return {**GOAL, **said, "goal_number": {"value": {"number": number}}}


def goals(*entries):
    return {"goal": {"value": list(entries)}}


def test_a_goal_that_went_on_says_what_it_was_corrected_to_in_the_note_where_it_began(client, make, sign_in, twice):
    first, later = twice(goals(goal("1")), goals(goal("1", goal_now="10 minutes")))
    correct(make, first, "goal", "30 minutes", "10 minutes")
    sign_in(first.author)
    assert told(client, later) == ["“30 minutes”: “10 minutes”"]
    correct(make, later, "goal", "5 minutes", "4 minutes")
    assert told(client, first) == [], "nothing came to it from a later visit"


def test_goals_that_were_replaced_as_a_whole_are_told_where_one_goes_on_as_it_was(client, make, sign_in, twice):
    first, later = twice(goals(goal("1", goal_now="5 minutes")), goals(goal("1", goal_now="10 minutes")))
    held = additions.texts(reader.latest("evaluation"), goals(goal("1", goal_now="5 minutes")))
    correct(make, first, "goal", held["goal"], "No goal was set")
    sign_in(first.author)
    assert len(told(client, later)) == 1


def test_another_goal_and_where_a_goal_stands_now_are_not_taken_over(client, make, sign_in, twice):
    before = goals(goal("1", goal_now="12 minutes"), goal("2", goal_target="1 pad a day"))
    now = goals(goal("1", goal_now="12 minutes"), goal("3", goal_target="1 pad a day"))
    first, later = twice(before, now)
    correct(make, first, "goal", "12 minutes", "15 minutes")
    correct(make, first, "goal", "1 pad a day", "no pad")
    sign_in(first.author)
    assert told(client, later) == []


COPIED = "Pain with every step on the left side since the birth"


def test_a_sentence_that_was_copied_is_told_in_later_notes_alone(client, make, sign_in, twice):
    first, later = twice({"im_impression": {"value": COPIED}}, {"hi_pain": {"value": f"Last time: {COPIED}"}})
    correct(make, first, "im_impression", COPIED, "No pain")
    sign_in(first.author)
    assert told(client, later) == [f"“{COPIED}”: “No pain”"]
    correct(make, later, "hi_pain", COPIED, "Some pain")
    assert told(client, first) == []


def test_long_words_to_choose_are_nobodys_own_and_what_was_felt_inside_stays_with_its_day(client, make, sign_in, twice):
    chosen = {**CONSENT, "pe_labia": {"value": COPIED}, "im_factors": {"value": ["underactive"]}}
    first, later = twice(chosen, {**chosen, "hi_pain": {"value": COPIED}})
    held = additions.texts(reader.latest("evaluation"), chosen)["im_factors"]
    assert len(held) >= additions.LONG_ENOUGH
    correct(make, first, "im_factors", held, "Overactive")
    correct(make, first, "pe_labia", COPIED, "No pain")
    sign_in(first.author)
    assert told(client, later) == []


def test_what_is_never_carried_is_not_told_of_whatever_words_or_marks_stand_there(client, make, sign_in, twice):
    def later(first):
        taken = {"co_external_decision": taken_from(first, CONSENT["co_external_decision"]["value"])}
        return {**CONSENT, **taken, "pe_labia": {"value": COPIED}}

    first, second = twice({**CONSENT, "hi_pain": {"value": COPIED}}, later)
    correct(make, first, "hi_pain", COPIED, "No pain")
    correct(make, first, "co_external_decision", "Yes", "She said no")
    sign_in(first.author)
    assert told(client, second) == []


def test_a_plan_with_another_number_that_reads_alike_is_not_called_wrong(client, make, sign_in, session):
    note = make.note(answers=goals(goal("1", goal_now="12 minutes", goal_baseline="8 minutes")), signed=True)
    sign_in(note.author)
    client.get(f"/clinic/notes/{note.id}")
    page = client.submit(f"/clinic/plans/notes/{note.id}", {}).location
    kept = plans.of_patient(session, note.patient_id)[0]
    mine = {"cp_goal_text": {"value": "Walk"}, "cp_goal_baseline": {"value": "12 minutes"}}
    make.answer(kept.response, {"cp_goals": {"value": [mine, {"cp_goal_target": {"value": "8 minutes"}}]}})
    correct(make, note, "goal", "12 minutes", "15 minutes")
    correct(make, note, "goal", "8 minutes", "9 minutes")
    assert "Instead of" not in client.get(page).text


def test_beside_another_note_stand_corrections_of_this_patient_alone(client, make, sign_in):
    words = {"im_impression": {"value": "Tender on the left side of the wall."}}
    note = make.note(make.visit(starts_at=make.now - timedelta(hours=30)), answers=words, signed=True)
    change = Change("im_impression", "Tender on the left side of the wall.", "Tender on the right side.")
    make.add(note, "Nothing was corrected by this.")
    make.add(note, addition=additions.correction(change, "Slip"))
    visit = make.visit(note.patient, note.author, starts_at=make.now)
    quoting = make.note(visit, answers=words)
    other = make.note(make.visit(therapist=note.author), answers=words)
    sign_in(note.author)
    assert client.get(f"/clinic/notes/{quoting.id}").text.count("Taken over from the note of") == 1
    assert "Taken over from the note of" not in client.get(f"/clinic/notes/{other.id}").text
