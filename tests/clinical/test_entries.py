"""The entries of a group as small lists: question and answer, one a line."""

from __future__ import annotations

from intake.clinical.entries import Item, entries
from intake.forms import reader

FORM, DIARY = reader.latest("intake"), reader.latest("bladder-diary")
BIRTHS = FORM.by_id["ob_births"]
WORDS = {child.id: child.text for child in BIRTHS.questions}


def test_an_entry_is_a_line_for_each_question_that_was_answered():
    first, second = entries(
        BIRTHS,
        {
            "value": [
                {"birth_date": {"value": "2026-05-03"}, "birth_outcome": {"status": "declined"}},
                {"birth_date": {"value": "2021"}, "birth_outcome": {"status": "skipped"}},
            ]
        },
    )
    assert first == (
        Item(WORDS["birth_date"], "May 3, 2026"),
        Item(WORDS["birth_outcome"], "Prefers not to say"),
    )
    assert second == (Item(WORDS["birth_date"], "2021"),)


def test_a_blank_entry_between_two_is_left_out():
    found = entries(BIRTHS, {"value": [{"birth_date": {"value": "2021"}}, {}, {"birth_date": {"value": "2026"}}]})
    assert [[item.words for item in entry] for entry in found] == [["2021"], ["2026"]]


def test_what_an_entry_says_no_to_is_named_there_too():
    child = next(each for each in BIRTHS.questions if any(o.exclusive and o.code == "none" for o in each.options))
    ((item,),) = entries(BIRTHS, {"value": [{child.id: {"value": ["none"]}}]})
    assert item.denied == tuple(option.text for option in child.options if not option.exclusive)


def test_only_groups_have_entries_and_those_of_a_diary_are_lines_already():
    assert entries(FORM.by_id["alg_any"], {"value": "no"}) == ()
    assert entries(BIRTHS, {"status": "skipped"}) == ()
    log = next(question for question in DIARY.questions() if question.log)
    assert entries(log, {"value": [{log.questions[0].id: {"value": "03:10"}}]}) == ()
