"""What an answer like "None of these" says no to: the record has to name it, since the options are not printed."""

from __future__ import annotations

from collections.abc import Callable

from intake.forms.conditions import Answer
from intake.forms.model import Kind, Question
from intake.forms.together import PLAIN

# An option that stands alone can also be "I am not sure" or "Closed", which says no to nothing.
DENYING = frozenset({*PLAIN, "nothing", "neither", "no"})


def denied(question: Question, answer: Answer, translate: Callable[[str], str] = str) -> tuple[str, ...]:
    """The options that were offered and denied in one; none where anything else was answered."""
    chosen = answer.get("value") if question.kind is Kind.CHOICES else None
    if not chosen or any(isinstance(each, dict) or each not in _denying(question) for each in chosen):
        return ()
    return tuple(translate(option.text) for option in question.options if not option.exclusive)


def _denying(question: Question) -> frozenset[str]:
    alone = {option.code for option in question.options if option.exclusive}
    return frozenset(alone & (DENYING | {question.none}))
