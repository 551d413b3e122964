"""What was changed as a paper was put right: the old words beside the new, whatever they were."""

from __future__ import annotations

import pytest

from intake.clinical.corrections import Change, changes
from intake.forms import reader

FORM = reader.latest("intake")
LIFT, RUN = ({"fn_goal_top": {"value": f"To {word}"}} for word in ("lift", "run"))
GOAL = FORM.by_id["fn_goal_top"].text


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (LIFT, RUN, (("To lift",), ("To run",))),
        (LIFT, {}, (("To lift",), ())),
        (LIFT, {"fn_goal_top": {"status": "skipped"}}, (("To lift",), ())),
        ({}, RUN, ((), ("To run",))),
    ],
)
def test_a_question_that_says_something_else_is_told_with_both_words(before, now, told):
    assert list(changes(FORM, before, now)) == [Change(GOAL, *told)]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (LIFT, {"fn_goal_top": {"value": "To lift", "r": 9, "at": "2026-09-15T12:00:00", "by": "paper"}}),
        ({}, {"fn_goal_top": {"status": "skipped"}}),
        ({}, {}),
    ],
)
def test_what_was_typed_once_more_or_left_blank_twice_is_no_change(before, now):
    assert list(changes(FORM, before, now)) == []


def test_that_she_would_rather_not_say_is_a_word_too():
    (found,) = changes(FORM, LIFT, {"fn_goal_top": {"status": "declined"}})
    assert found.now


def births(*years):
    return {"ob_births": {"value": [{"birth_date": {"value": str(year)}} for year in years]}}


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ((2019, 2021), (2019, 2022), (["2. "], ["2. "])),
        ((2019,), (2019, 2022), ([], ["2. "])),
        ((2019, 2021), (2021,), (["1. "], [])),
        ((2019,), (2021,), (["When"], ["When"])),
    ],
)
def test_of_several_entries_those_that_differ_are_told_each_with_its_number(before, now, told):
    (found,) = changes(FORM, births(*before), births(*now))
    for lines, starts in zip((found.before, found.now), told, strict=True):
        assert len(lines) == len(starts)
        assert all(line.startswith(start) for line, start in zip(lines, starts, strict=True))
