"""What a fictional person types: her own answers where she has some, the plainest possible one where a page insists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from intake.forms.bodymap import regions
from intake.forms.entry import offered
from intake.forms.model import Kind, Need, Question

Typed = dict[str, str | list[str]]


def typed(questions: Iterable[Question], own: Mapping[str, str | list[str]]) -> Typed:
    """{field: text} for a page of questions. `own` holds fields by name; everything it has for a question is used."""
    fields: Typed = {}
    for question in questions:
        mine = {name: value for name, value in own.items() if name == question.id or name.startswith(f"{question.id}.")}
        fields |= mine or (plainest(question, question.id) if question.need is not Need.OPTIONAL else {})
    return fields


def plainest(question: Question, name: str) -> Typed:
    """An answer that says as little as possible: none, no, the first choice, the middle."""
    match question.kind:
        case Kind.YES_NO:
            return {name: "no"}
        case Kind.CHOICE | Kind.CONSENT:
            return {name: _quiet(question)}
        case Kind.CHOICES:
            return {name: [_quiet(question)]}
        case Kind.NUMBER:
            return {name: _number(question)}
        case Kind.DATE:
            return {f"{name}.month": "3", f"{name}.day": "1", f"{name}.year": "2026"}
        case Kind.SCALE:
            return {name: str(int(question.minimum or 0))}
        case Kind.GRID:
            return {f"{name}.{question.rows[0].code}": question.options[0].code} if question.options else {}
        case Kind.MAP:
            return {name: [regions(question.map)[0].code]}
        case Kind.GROUP:
            return _group(question, name)
        case _:
            return {name: "As it is"}


def _quiet(question: Question) -> str:
    alone = [option.code for option in question.options if option.exclusive or option.code in {"none", "no", "never"}]
    codes = [option.code for option in question.options]
    return alone[0] if alone else next(iter(codes), min(offered(question)))


def _number(question: Question) -> str:
    return str(int(question.minimum or Decimal(0)))


def _group(question: Question, name: str) -> Typed:
    fields: Typed = {f"{name}.count": "1"}
    for child in question.questions:
        if child.need is not Need.OPTIONAL:
            fields |= plainest(child, f"{name}.0.{child.id}")
    return fields
