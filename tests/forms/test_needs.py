"""What is still missing, and that declining is as good as answering."""

from __future__ import annotations

import pytest

from intake.forms.model import Condition, Form, Kind, Need, Operator, Option, Page, Question, Section, Tier, When
from intake.forms.needs import missing, settled

OPTIONS = (Option("walk", "Walking"), Option("lift", "Lifting"))


def ask(name, kind=Kind.TEXT, need=Need.REQUIRED, **more):
    return Question(name, kind, f"{name}?", Tier.CARE, need=need, **more)


def form(*questions):
    return Form("walk", 1, "Walk", "patient", "en-US", (Section("all", "All", (Page("", questions),), Tier.CARE),))


def fields(asked, answers, questions=None):
    return [problem.field for problem in missing(form(*asked), answers, questions)]


@pytest.mark.parametrize(
    "answer",
    [
        {"value": "yes"},
        {"value": 0},
        {"status": "declined"},
        {"status": "in-person"},
        {"status": "not-examined", "reason": "unable"},
    ],
)
def test_answered_declined_and_left_for_the_visit_are_settled(answer):
    assert settled(answer)
    assert fields([ask("a")], {"a": answer}) == []


@pytest.mark.parametrize("answer", [None, {"status": "skipped"}])
def test_blank_and_skipped_are_not(answer):
    assert not settled(answer)
    assert fields([ask("a")], {"a": answer} if answer else {}) == ["a"]


def test_what_is_optional_or_hidden_is_never_missing():
    hidden = ask("b", when=When((Condition("a", Operator.EQUAL, "yes"),)))
    assert fields([ask("a", Kind.YES_NO, Need.OPTIONAL), hidden], {"a": {"value": "no"}}) == []
    assert fields([ask("a", Kind.YES_NO, Need.OPTIONAL), hidden], {"a": {"value": "yes"}}) == ["b"]


def test_the_message_says_that_declining_is_fine_where_it_is():
    (problem,) = missing(form(ask("a", Kind.YES_NO, Need.OR_DECLINED, may_decline=True)), {})
    assert "Prefer not to say" in str(problem)
    (problem,) = missing(form(ask("a", Kind.YES_NO)), {})
    assert str(problem) == "Please choose an answer."


def test_only_the_page_that_is_left_is_looked_at():
    first, second = ask("a"), ask("b")
    assert fields([first, second], {}, [second]) == ["b"]


@pytest.mark.parametrize("value", [{"other": ""}, ["walk", {"other": ""}]])
def test_something_else_needs_a_few_words(value):
    kind = Kind.CHOICES if isinstance(value, list) else Kind.CHOICE
    question = ask("a", kind, Need.OPTIONAL, options=OPTIONS, other=True)
    assert fields([question], {"a": {"value": value}}) == ["a.other"]


class TestGroups:
    """A group has as many entries as it needs, each with what it insists on."""

    group = ask(
        "births", Kind.GROUP, Need.OPTIONAL, minimum_entries=1, maximum_entries=5,
        questions=(
            ask("born", Kind.YES_NO), ask("when", Kind.DATE, when=When((Condition("born", Operator.EQUAL, "yes"),))),
        ),
    )  # fmt: skip

    def test_too_few_entries_are_named_at_the_group(self):
        assert fields([self.group], {}) == ["births"]

    def test_a_missing_part_is_named_with_its_entry(self):
        answers = {"births": {"value": [{"born": {"value": "no"}}, {"when": {"value": "2026"}}]}}
        assert fields([self.group], answers) == ["births.1.born"]

    def test_an_entry_that_was_left_blank_misses_nothing_and_counts_for_none(self):
        assert fields([self.group], {"births": {"value": [{}, {"born": {"value": "no"}}]}}) == []
        assert fields([self.group], {"births": {"value": [{}]}}) == ["births"]

    def test_what_an_entry_hides_is_not_missing_in_it(self):
        answers = {"births": {"value": [{"born": {"value": "yes"}}, {"born": {"value": "no"}}]}}
        assert fields([self.group], answers) == ["births.0.when"]

    def test_a_declined_group_is_settled(self):
        assert fields([self.group], {"births": {"status": "declined"}}) == []
