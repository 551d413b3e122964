"""One line becomes four findings; what cannot be read stays as it was typed."""

from __future__ import annotations

import pytest

from intake.clinical import perfect
from intake.clinical.shorthand import LINE, spread
from intake.forms import reader
from intake.forms.entry import Entry

FORM = reader.load("evaluation", 2)


def sent(line, **answers):
    return Entry(answers={"perfect_line": {"value": line}, **answers})


def count(number, unit="1"):
    return {"value": {"number": str(number), "unit": unit}}


def test_the_line_fills_its_four_fields_and_is_not_kept_itself():
    entry = sent("3/6/4//7")
    spread(FORM, entry, stored=())
    assert entry.answers == {
        "perfect_p": {"value": 3},
        "perfect_e": count(6, "s"),
        "perfect_r": count(4),
        "perfect_f": count(7),
    }
    assert (entry.problems, entry.emptied) == ([], set())


def test_a_line_that_was_kept_before_is_taken_out():
    entry = sent("3/6/4//7")
    spread(FORM, entry, stored={LINE})
    assert entry.emptied == {"perfect_line"}


def test_the_line_wins_over_what_stood_in_the_fields_and_over_their_emptying():
    entry = sent("3/6/4//7", perfect_p={"value": 2})
    entry.emptied.add("perfect_e")
    spread(FORM, entry, stored=())
    assert entry.answers["perfect_p"] == {"value": 3}
    assert "perfect_e" not in entry.emptied


def test_a_part_that_was_not_tested_this_time_has_no_value_left():
    entry = sent("2/5/-//-", perfect_r=count(4), perfect_f=count(7))
    spread(FORM, entry, stored={"perfect_p", "perfect_e", "perfect_r", "perfect_f"})
    assert entry.answers == {"perfect_p": {"value": 2}, "perfect_e": count(5, "s")}
    assert entry.emptied == {"perfect_r", "perfect_f"}


def test_a_part_that_was_not_tested_is_never_zero_and_keeps_its_reason():
    entry = sent("3/6/-//-", perfect_r={"status": "not-examined", "reason": "declined"})
    spread(FORM, entry, stored=())
    assert entry.answers["perfect_r"] == {"status": "not-examined", "reason": "declined"}
    assert "perfect_f" not in entry.answers


@pytest.mark.parametrize("line", ["3/6/4", "3/6/4/7", "strong", "6/6/4//7", "3/11/4//7"])
def test_what_cannot_be_read_stays_and_is_named(line):
    entry = sent(line)
    spread(FORM, entry, stored=())
    assert entry.answers == {"perfect_line": {"value": line}}
    assert [(p.field, p.text) for p in entry.problems] == [("perfect_line", perfect.UNREADABLE)]


def test_a_page_without_a_line_is_left_alone():
    entry = Entry(answers={"perfect_p": {"value": 2}}, emptied={"perfect_line"})
    spread(FORM, entry, stored={LINE})
    assert entry.answers == {"perfect_p": {"value": 2}}
    assert entry.emptied == {"perfect_line"}
