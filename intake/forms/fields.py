"""The names of the fields a question's answer arrives in, so that a page with any other is refused."""

from __future__ import annotations

from collections.abc import Iterable

from intake.forms.bodymap import regions
from intake.forms.model import Kind, Question

DATE_PARTS = frozenset({"year", "month", "day"})
LONGEST_INDEX = 4  # digits


def is_field(name: str, questions: Iterable[Question]) -> bool:
    """Whether one of the questions sends a field of that name, such as "ob_births.0.birth_date.year"."""
    root, _dot, rest = name.partition(".")
    return not name.endswith(".") and any(root == question.id and _has(question, rest) for question in questions)


def _has(question: Question, rest: str) -> bool:
    first, _dot, below = rest.partition(".")
    if question.kind is Kind.DISPLAY:
        return False
    if not below and (first in {"", "status"} or (first == "reason" and question.examined)):
        return True
    match question.kind:
        case Kind.GROUP:
            return rest == "count" or (_is_index(first) and is_field(below, question.questions))
        case Kind.GRID:
            return _has_cell(question, first, below)
        case _:
            return not below and first in _own(question)


def _is_index(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST_INDEX


def _has_cell(question: Question, row: str, below: str) -> bool:
    if row not in {each.code for each in question.rows}:
        return False
    return is_field(below, question.columns) if question.columns else not below


def _own(question: Question) -> frozenset[str]:
    extra = {"other"} if question.other else set()
    if question.kind is Kind.NUMBER:
        extra.add("unit")
    if question.kind is Kind.DATE:
        extra |= DATE_PARTS
    if question.kind is Kind.MAP and question.rated:
        extra |= {region.code for region in regions(question.map)}
    return frozenset(extra)
