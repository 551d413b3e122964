"""Which goals a new note begins with."""

from __future__ import annotations

import pytest

from intake.clinical import carried
from intake.clinical.additions import Change
from intake.forms import reader

DAILY, LAST = reader.latest("daily-note"), reader.latest("discharge")


def goal(number, status="progressing", **more):
    plain = {"goal_text": f"Goal {number}", "goal_number": {"number": str(number)}, "goal_status": status, **more}
    return {name: {"value": said} for name, said in plain.items()}


def kept(*before, form=DAILY):
    return carried.goals(form, before)


def numbers(found):
    return [entry["goal_number"]["value"]["number"] for entry in found["goals"]["goal"]["value"]]


def test_open_goals_go_on_with_their_numbers_and_where_they_stand_is_asked_anew():
    found = kept({"goal": {"value": [goal(1, goal_now="20 minutes"), goal(2)]}})
    assert numbers(found) == ["1", "2"]
    assert all(entry.keys() == {"goal_text", "goal_number"} for entry in found["goals"]["goal"]["value"])


def test_what_is_met_or_given_up_does_not_come_back():
    before = {"goal": {"value": [goal(1, "met"), goal(2, "stopped"), goal(3, "not-met"), goal(4, "partly"), goal(5)]}}
    assert numbers(kept(before)) == ["4", "5"]


def test_the_latest_note_with_goals_counts():
    assert numbers(kept({}, {"goal": {"value": [goal(2)]}}, {"goal": {"value": [goal(1)]}})) == ["2"]


def test_when_all_of_the_latest_are_met_no_older_one_comes_back():
    assert kept({"goal": {"value": [goal(1, "met")]}}, {"goal": {"value": [goal(1)]}}) == {}


def test_goals_about_closeness_are_carried_by_themselves():
    close = {"gc_text": {"value": "No pain"}, "gc_status": {"value": "progressing"}}
    found = kept({"goal": {"value": [goal(1)]}}, {"goal_close": {"value": [close]}})
    assert found["goals"]["goal_close"]["value"] == [{"gc_text": {"value": "No pain"}}]


def test_a_form_without_goals_gets_none():
    assert kept({"goal": {"value": [goal(1)]}}, form=reader.latest("contact-note")) == {}


def test_nothing_of_an_examination_is_ever_carried():
    before = {"perfect_p": {"value": 3}, "popq_c": {"value": {"number": "-6"}}, "in_note": {"value": "x"}}
    assert kept(before, form=reader.latest("re-evaluation")) == {}


def test_questions_the_new_form_lacks_are_left_behind():
    first = reader.load("evaluation", 1)
    found = carried.goals(first, [{"goal": {"value": [goal(1)]}}])
    assert found["goals"]["goal"]["value"] == [{"goal_text": {"value": "Goal 1"}}]


@pytest.mark.parametrize("form", [LAST, reader.begun_late(LAST)], ids=lambda form: form.id)
def test_at_the_end_of_care_every_goal_comes_once_as_it_stood_last(form):
    last = {"goal": {"value": [goal(2, "progressing", goal_now="20")]}}
    middle = {"goal": {"value": [goal(1, "met", goal_now="30 minutes"), goal(2, "no-change")]}}
    first = {"goal": {"value": [goal(1, "new"), goal(2, "new"), goal(3, "stopped")]}}
    found = kept(last, middle, first, form=form)
    entries = {entry["goal_number"]["value"]["number"]: entry for entry in found["goals"]["goal"]["value"]}
    assert list(entries) == ["1", "2", "3"]
    assert (entries["1"]["goal_status"], entries["1"]["goal_now"]) == ({"value": "met"}, {"value": "30 minutes"})
    assert "goal_status" not in entries["2"], "where an open goal stands is asked anew"
    assert entries["3"]["goal_status"] == {"value": "stopped"}


def test_at_the_end_of_care_goals_without_numbers_are_told_apart_by_their_words():
    before = {"goal": {"value": [{"goal_text": {"value": text}} for text in ("Walk", "Lift", "Walk")]}}
    found = kept(before, before, form=LAST)
    assert [entry["goal_text"]["value"] for entry in found["goals"]["goal"]["value"]] == ["Walk", "Lift"]


@pytest.mark.parametrize(
    ("form", "old", "there", "here", "expected"),
    [
        (DAILY, "Goal 1", goal(1), goal(1), True),
        (DAILY, "Goal 1", goal(1), goal(2, goal_text="Goal 1"), False),
        (DAILY, "Goal 1", goal(1), goal(1, goal_text="Walk"), False),
        (DAILY, "20 minutes", goal(1, goal_now="20 minutes"), goal(1, goal_now="20 minutes"), False),
        (LAST, "20 minutes", goal(1, "met", goal_now="20 minutes"), goal(1, "met", goal_now="20 minutes"), True),
        (LAST, "20 minutes", goal(1, goal_now="20 minutes"), goal(1, "met", goal_now="20 minutes"), False),
    ],
)
def test_a_goal_goes_on_by_its_number_with_what_is_not_written_anew(form, old, there, here, expected):
    before, now = ({"goal": {"value": [each]}} for each in (there, here))
    assert carried.goes_on(Change("goal", old, "right"), (DAILY, before), (form, now)) is expected


def test_a_goal_without_a_number_goes_on_by_its_words_and_what_is_no_goal_does_not():
    answers = {"goal": {"value": [{"goal_text": {"value": "Walk"}}]}, "im_impression": {"value": "Walk"}}
    assert carried.goes_on(Change("goal", "Walk", "Run"), (DAILY, answers), (DAILY, answers))
    assert not carried.goes_on(Change("im_impression", "Walk", "Run"), (DAILY, answers), (DAILY, answers))
    assert not carried.goes_on(Change("goal", "Walk", "Run"), (DAILY, {}), (DAILY, answers))
