"""Answers that open every page of a form, so that each can be looked at both empty and filled in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from intake.forms.model import Condition, Form, Kind, Question
from tests.builders import plausible

CLOCK, LOSS = "09:20", "after a loss, not pregnant"
Answers = dict[str, dict[str, Any]]


def full(form: Form) -> Answers:
    """An answer to every question; where others hang on one, the answer that opens most of them."""
    wanted = _wanted(form)
    return {q.id: {"value": _telling(q, wanted)} for q in form.questions() if q.kind is not Kind.DISPLAY}


def states(form: Form) -> dict[str, Answers]:
    """Three patients who together meet every page: one barely begun, one who said it all, one after a loss."""
    said = full(form)
    lost = [{**birth, "birth_outcome": {"value": "stillborn"}} for birth in said["ob_births"]["value"]]
    not_opened = {"ob_births": {"value": lost}, "ob_baby_questions": {"value": "no"}, "ob_preg_now": {"value": "no"}}
    return {"empty": bare(form), "filled in": said, LOSS: said | not_opened}


def bare(form: Form) -> Answers:
    """Only the answers that open other pages."""
    openers = {condition.question.partition(".")[0] for condition in _conditions(form)}
    return {name: answer for name, answer in full(form).items() if name in openers}


def _conditions(form: Form) -> Iterator[Condition]:
    yield from form.private_when.conditions
    for section in form.sections:
        for part in (section, *section.pages, *section.questions()):
            yield from part.when.conditions


def _wanted(form: Form) -> Counter[tuple[str, Any]]:
    """How many places each answer opens, by question; a child of a group by its own name."""
    return Counter(
        (c.question.rpartition(".")[2], c.answer)
        for c in _conditions(form)
        if isinstance(c.answer, str) and c.operator in {"=", "contains"}
    )


def _telling(question: Question, wanted: Counter[tuple[str, Any]]) -> Any:
    match question.kind:
        case Kind.YES_NO | Kind.CHOICE | Kind.CONSENT:
            codes = [option.code for option in question.options] or ["yes", "no"]
            return max(codes, key=lambda code: wanted[question.id, code])
        case Kind.CHOICES:
            return [option.code for option in question.options if not option.exclusive]
        case Kind.GROUP:
            return [{q.id: {"value": _telling(q, wanted)} for q in question.questions if q.kind is not Kind.DISPLAY}]
        case Kind.STRING:
            return CLOCK if question.time or question.max_length == len(CLOCK) else "A line of words"
        case _:
            return plausible(question)
