"""What every form must satisfy before it is used: ids, options, bounds, and conditions that look back only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.forms.bodymap import regions
from intake.forms.errors import FormError
from intake.forms.model import Form, Kind, Need, Operator, Question, When

ID = re.compile(r"[a-z][a-z0-9_]*")
CODE = re.compile(r"[a-z0-9][a-z0-9+_-]*")
CHOOSING = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.CONSENT})
IN_GROUP = frozenset({Operator.EQUAL, Operator.NOT_EQUAL})
STILL = frozenset({"right", "changed"})
IN_A_CELL = frozenset({Kind.CHOICE, Kind.YES_NO, Kind.NUMBER, Kind.SCALE})


def check(form: Form, where: str) -> None:
    """FormError for the first rule the form breaks."""
    for problem in problems(form):
        message = f"{where}: {problem}"
        raise FormError(message)


def problems(form: Form) -> Iterator[str]:
    """Every rule the form breaks, in reading order."""
    seen: set[str] = set()
    yield from _looks_back(form.private_when, {q.id for q in form.questions()}, "private_when")
    for section in form.sections:
        yield from _looks_back(section.when, seen, f"section {section.id}")
        if not section.pages:
            yield f"section {section.id} has no page"
        for page in section.pages:
            yield from _looks_back(page.when, seen, f"a page of {section.id}")
            for question in page.questions:
                yield from _question(question, seen)
    yield from _recalls(form)


def _recalls(form: Form) -> Iterator[str]:
    """What asks whether a part is still right comes before that part, and offers both answers."""
    names = [section.id for section in form.sections]
    for question in form.questions():
        at = names.index(form.section_of[question.id].id)
        for name in question.recall:
            if name not in names[at + 1 :]:
                yield f"{question.id}: it recalls {name}, which is no part that comes after it"
        if question.recall and (question.kind is not Kind.CHOICE or question.codes != STILL):
            yield f"{question.id}: what recalls is a choice of right and changed"
    twice = [name for question in form.questions() for name in question.recall]
    yield from (f"the part {name} is recalled twice" for name in sorted({n for n in twice if twice.count(n) > 1}))


def _question(question: Question, seen: set[str]) -> Iterator[str]:
    if not ID.fullmatch(question.id):
        yield f"{question.id!r} is not an id (small letters, digits and _)"
    if question.id in seen:
        yield f"the id {question.id} is used twice"
    yield from _looks_back(question.when, seen, question.id)
    if question.words and question.words not in seen:
        yield f"{question.id}: the words before it are those of {question.words}, which does not come before it"
    seen.add(question.id)
    yield from _shape(question)
    inner = set(seen)
    for child in question.questions:
        if child.kind is Kind.GROUP:
            yield f"{child.id}: a group cannot hold a group"
        yield from _question(child, inner)
    if clash := (inner - seen) & {column.id for column in question.columns}:
        yield f"{question.id}: {', '.join(clash)} is used twice"
    seen |= inner


def _shape(question: Question) -> Iterator[str]:
    if question.preset and question.need is not Need.OPTIONAL:
        yield f"{question.id}: what the clinic sets beforehand cannot be required"
    codes = [option.code for option in question.options]
    if question.kind in CHOOSING and not codes:
        yield f"{question.id} has no options"
    for name, values in (("option", codes), ("row", [row.code for row in question.rows])):
        if len(set(values)) != len(values):
            yield f"{question.id}: an {name} code is used twice"
        for code in values:
            if not CODE.fullmatch(code):
                yield f"{question.id}: {code!r} is not a code"
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        yield f"{question.id}: the minimum is above the maximum"
    if question.kind is Kind.DISPLAY and question.need is not Need.OPTIONAL:
        yield f"{question.id}: a display cannot be required"
    if question.kind is not Kind.DISPLAY and not question.text:
        yield f"{question.id} has no text"
    yield from _compound(question)


def _compound(question: Question) -> Iterator[str]:
    if question.kind is Kind.GRID:
        if not question.rows or bool(question.options) == bool(question.columns):
            yield f"{question.id}: a grid has rows and either options or columns"
        yield from (
            f"{column.id}: not a kind for a cell" for column in question.columns if column.kind not in IN_A_CELL
        )
    if question.log and question.kind is not Kind.GROUP:
        yield f"{question.id}: only a group is a log"
    if question.time and question.kind is not Kind.STRING:
        yield f"{question.id}: only a string is a time of day"
    if question.kind is Kind.GROUP and (not question.questions or question.maximum_entries < 1):
        yield f"{question.id}: a group has questions and maximum_entries"
    if question.kind is Kind.MAP:
        try:
            regions(question.map)
        except (KeyError, ValueError, OSError):
            yield f"{question.id}: there is no map {question.map!r}"
    if question.kind is Kind.CONSENT and not question.body:
        yield f"{question.id}: a consent has a body, the text that is agreed to"


def _looks_back(when: When, seen: set[str], who: str) -> Iterator[str]:
    for condition in when.conditions:
        if "." in condition.question and condition.operator not in IN_GROUP:
            yield f"{who}: a condition on {condition.question} can only be = or !="
        if condition.question.partition(".")[0] not in seen:
            yield f"{who}: its condition looks at {condition.question}, which does not come before it"
