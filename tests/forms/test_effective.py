"""The newest word on each question: nothing that was said is lost, nothing is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.forms.effective import answers, effective

SKIPPED = {"status": "skipped"}
DECLINED = {"status": "declined"}
IN_PERSON = {"status": "in-person"}

some_answer = st.one_of(
    st.sampled_from([SKIPPED, DECLINED, IN_PERSON]), st.builds(lambda text: {"value": text}, st.text())
)
some_answers = st.lists(st.dictionaries(st.sampled_from("abcde"), some_answer), max_size=6)


def test_the_newest_answer_holds_and_says_where_it_stands():
    earlier, later = {"a": {"value": 3}, "b": {"value": "yes"}}, {"a": {"value": 1}}
    assert effective([earlier, later]) == {"a": ({"value": 1}, 1), "b": ({"value": "yes"}, 0)}
    assert answers([earlier, later]) == {"a": {"value": 1}, "b": {"value": "yes"}}


def test_a_question_that_was_passed_over_never_takes_back_what_was_said():
    for said in ({"value": "no"}, DECLINED, IN_PERSON):
        assert effective([{"a": said}, {"a": SKIPPED}]) == {"a": (said, 0)}


def test_what_she_would_rather_not_say_any_more_takes_the_place_of_what_she_said():
    assert answers([{"a": {"value": "yes"}}, {"a": DECLINED}]) == {"a": DECLINED}
    assert answers([{"a": {"value": "yes"}}, {"a": IN_PERSON}]) == {"a": IN_PERSON}


def test_a_question_that_was_always_passed_over_was_passed_over_last_time():
    assert effective([{"a": SKIPPED}, {"a": SKIPPED}]) == {"a": (SKIPPED, 1)}


def test_of_nothing_holds_nothing():
    assert effective([]) == {}
    assert effective([{}, {}]) == {}


DAY = datetime(2026, 9, 15, tzinfo=UTC)


def on(days, text):
    return {"value": text, "at": (DAY + timedelta(days=days)).isoformat()}


def test_a_form_that_was_begun_first_can_hold_the_last_word():
    first, second = {"a": on(2, "not safe"), "b": on(0, "old")}, {"a": on(1, "safe"), "b": on(1, "new")}
    for given_, at in (([first, second], [DAY, DAY]), ([second, first], [DAY, DAY])):
        found = answers(given_, at)
        assert (found["a"]["value"], found["b"]["value"]) == ("not safe", "new")


def test_an_older_paper_that_is_typed_in_last_changes_nothing_that_was_said_since():
    paper = {"a": {**on(9, "safe"), "by": "paper"}, "b": {"value": "only on paper"}}
    found = effective([{"a": on(0, "not safe"), "b": SKIPPED}, paper], [DAY, DAY - timedelta(days=14)])
    assert found == {"a": (on(0, "not safe"), 0), "b": ({"value": "only on paper"}, 1)}


@pytest.mark.dear
@given(some_answers)
def test_nothing_is_lost_and_nothing_is_invented(sets):
    found = effective(sets)
    assert found.keys() == {question for each in sets for question in each}
    for question, (answer, index) in found.items():
        assert sets[index][question] == answer
        later = [each[question] for each in sets[index + 1 :] if question in each]
        assert all(each == SKIPPED for each in later)
        if answer == SKIPPED:
            assert all(each.get(question, SKIPPED) == SKIPPED for each in sets)
