"""What holds of several sets of answers of one person: the newest word on each question."""

from __future__ import annotations

from collections.abc import Sequence

from intake.forms.conditions import Answer, Answers
from intake.forms.needs import settled


def effective(given: Sequence[Answers]) -> dict[str, tuple[Answer, int]]:
    """{question: (its answer, the index of the set it stands in)} of sets of answers, the oldest first.

    Hand in the answers that are shown.
    """
    found: dict[str, tuple[Answer, int]] = {}
    for index, answers in enumerate(given):
        for question, answer in answers.items():
            if question not in found or takes_over(answer, found[question][0]):
                found[question] = answer, index
    return found


def answers(given: Sequence[Answers]) -> dict[str, Answer]:
    """The answers alone, for rules and conditions."""
    return {question: answer for question, (answer, _index) in effective(given).items()}


def takes_over(answer: Answer, earlier: Answer) -> bool:
    """Whether a later answer takes the place of an earlier one: given, "prefer not to say" and "in person" alike.

    A question that was passed over says nothing, so it never takes the place of what was said.
    """
    return settled(answer) or not settled(earlier)
