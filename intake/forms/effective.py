"""What holds of several sets of answers of one person: the newest word on each question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from intake.forms import moments
from intake.forms.conditions import Answer, Answers
from intake.forms.needs import settled


def effective(given: Sequence[Answers], at: Sequence[datetime] = ()) -> dict[str, tuple[Answer, int]]:
    """{question: (its answer, the index of the set it stands in)} of sets of answers, the oldest first.

    `at` says of each set when it was said as a whole, where that is not their order: one that was begun first can hold
    the last word, and paper is typed in late. Hand in the answers that are shown.
    """
    found: dict[str, tuple[Answer, int]] = {}
    for index, answers in enumerate(given):
        for question, answer in answers.items():
            known = found.get(question)
            if known is None or (takes_over(answer, known[0]) and not _is_older(answer, index, *known, at)):
                found[question] = answer, index
    return found


def answers(given: Sequence[Answers], at: Sequence[datetime] = ()) -> dict[str, Answer]:
    """The answers alone, for rules and conditions."""
    return {question: answer for question, (answer, _index) in effective(given, at).items()}


def takes_over(answer: Answer, earlier: Answer) -> bool:
    """Whether a later answer takes the place of an earlier one: given, "prefer not to say" and "in person" alike.

    A question that was passed over says nothing, so it never takes the place of what was said.
    """
    return settled(answer) or not settled(earlier)


def _is_older(answer: Answer, index: int, known: Answer, place: int, at: Sequence[datetime]) -> bool:
    """Whether it was said before what is known; not where that said nothing."""
    if not at or settled(answer) is not settled(known):
        return False
    return moments.is_older(moments.said_at(answer, at[index]), moments.said_at(known, at[place]))
