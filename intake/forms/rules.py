"""What every form must satisfy before it is used: ids, options, bounds, and conditions that look back only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from intake.forms import lookbacks, measured, together
from intake.forms.bodymap import regions
from intake.forms.errors import FormError
from intake.forms.faults import Fault, shown, within
from intake.forms.lookbacks import Seen
from intake.forms.model import Form, Kind, Need, Question, Section
from intake.forms.problems import N_

ID = re.compile(r"[a-z][a-z0-9_]*")
CODE = re.compile(r"[a-z0-9][a-z0-9+_-]*")
CHOOSING = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.CONSENT})
STILL = frozenset({"right", "changed"})
IN_A_CELL = frozenset({Kind.CHOICE, Kind.YES_NO, Kind.NUMBER, Kind.SCALE})


def check(form: Form, where: str) -> None:
    """FormError for the first rule the form breaks."""
    for fault in faults(form):
        message = f"{where}: {fault}"
        raise FormError(message)


def faults(form: Form) -> Iterator[Fault]:
    """Every rule the form breaks, in reading order."""
    seen = lookbacks.beginning(form)
    yield from lookbacks.faults(form.private_when, replace(seen, before=seen.there), "private_when")
    for section in form.sections:
        yield from lookbacks.faults(section.when, seen, section.id)
        yield from _private(form, section, seen)
        if not section.pages:
            yield Fault(section.id, N_("the section has no page. Add one, or take the section away."))
        for number, page in enumerate(section.pages, 1):
            place = within(section.id, f"page {number}")
            yield from lookbacks.faults(page.when, seen, place)
            yield from together.faults(section, page, place)
            yield from measured.faults(page, seen, place)
            for question in page.questions:
                yield from _question(question, seen, within(place, question.id))
                seen = seen.after(question)
    yield from _recalls(form)


def _recalls(form: Form) -> Iterator[Fault]:
    """What asks whether a part is still right comes before that part, and offers both answers."""
    names = [section.id for section in form.sections]
    recalled: set[str] = set()
    for question in form.questions():
        place = within(form.section_of[question.id].id, question.id)
        at = names.index(form.section_of[question.id].id)
        for name in question.recall:
            if name not in names[at + 1 :]:
                yield Fault(
                    place,
                    N_("it recalls %(name)s, which is no part that comes after it. Name one further down."),
                    {"name": shown(name)},
                )
            if name in recalled:
                yield Fault(place, N_("the part %(name)s is recalled twice. Take it away once."), {"name": shown(name)})
            recalled.add(name)
        if question.recall and (question.kind is not Kind.CHOICE or question.codes != STILL):
            yield Fault(place, N_("what recalls is a choice of right and changed. Give it these two options."))


def _private(form: Form, section: Section, seen: Seen) -> Iterator[Fault]:
    """A private section that comes before the questions which open it would never be asked."""
    names = {condition.question for condition in form.private_when.conditions} if section.private else set()
    for name in sorted(name for name in names if name in seen.there and name not in seen.before):
        yield Fault(
            section.id,
            N_("the section is private, and comes before %(name)s, which opens private sections. Move it behind that."),
            {"name": name},
        )


def _question(question: Question, seen: Seen, place: str, group: Question | None = None) -> Iterator[Fault]:
    if not ID.fullmatch(question.id):
        yield Fault(
            place,
            N_("%(id)s is not an id. Use small letters, digits and _, a letter first."),
            {"id": shown(question.id)},
        )
    if question.id in seen.before:
        yield Fault(place, N_("the id %(id)s is used twice. Give one of the two another id."), {"id": question.id})
    yield from lookbacks.faults(question.when, seen, place, "" if group else question.id)
    yield from _hangs(question, seen, place)
    yield from _shape(question, place)
    inside = seen.after(question)
    for child in question.questions:
        where = within(place, child.id)
        if child.kind is Kind.GROUP:
            yield Fault(where, N_("a group cannot hold a group. Ask it outside, or with single questions."))
        yield from _question(child, inside, where, question)
        inside = inside.after(child)
    for column in question.columns:
        if column.id in {question.id, *(child.id for child in question.questions)}:
            yield Fault(place, N_("the id %(id)s is used twice. Give one of the two another id."), {"id": column.id})


def _hangs(question: Question, seen: Seen, place: str) -> Iterator[Fault]:
    """What a question shows of another one's answer."""
    if question.rows_of and question.rows_of not in seen.before:
        yield Fault(
            place,
            N_("its rows hang on %(name)s, which does not come before it. Name a question further up."),
            {"name": shown(question.rows_of)},
        )
    if question.words and question.words not in seen.before:
        yield Fault(
            place,
            N_("the words before it are those of %(name)s, which does not come before it. Name a question further up."),
            {"name": shown(question.words)},
        )


def _shape(question: Question, place: str) -> Iterator[Fault]:
    codes = [option.code for option in question.options]
    if question.kind in CHOOSING and not codes:
        yield Fault(place, N_("it has no options. Add at least one to choose from."))
    for values in (codes, [row.code for row in question.rows]):
        for code in dict.fromkeys(code for code in values if values.count(code) > 1):
            yield Fault(
                place, N_("the code %(code)s: a code is used twice. Give one another code."), {"code": shown(code)}
            )
        for code in dict.fromkeys(values):
            if not CODE.fullmatch(code):
                yield Fault(
                    place, N_("%(code)s is not a code. Use small letters, digits, + _ and -."), {"code": shown(code)}
                )
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        yield Fault(place, N_("the minimum is above the maximum. Change one of them."))
    if question.kind is Kind.DISPLAY and question.need is not Need.OPTIONAL:
        yield Fault(place, N_("a display cannot be required, since it asks nothing. Take `need` away."))
    if question.kind is not Kind.DISPLAY and not question.text:
        yield Fault(place, N_("it has no text. Write what it asks."))
    if question.fold and question.need is not Need.OPTIONAL and not question.when.conditions:
        yield Fault(place, N_("what is required cannot be folded away. Take `fold` or `need` away."))
    yield from _compound(question, place)
    yield from _kept_up(question, place)


def _compound(question: Question, place: str) -> Iterator[Fault]:
    if question.kind is Kind.GRID:
        if not question.rows or bool(question.options) == bool(question.columns):
            yield Fault(place, N_("a grid has rows and either options or columns. Add what is missing."))
        for column in question.columns:
            if column.kind not in IN_A_CELL:
                yield Fault(
                    within(place, column.id),
                    N_("not a kind for a cell. A column is a choice, yes-no, number or scale."),
                )
    if question.kind is Kind.GROUP and (not question.questions or question.maximum_entries < 1):
        yield Fault(place, N_("a group has questions and maximum_entries. Add what is missing."))
    if question.kind is Kind.MAP:
        try:
            regions(question.map)
        except (KeyError, ValueError, OSError):
            yield Fault(
                place, N_("there is no map %(map)s. There is: body, pelvis, clock."), {"map": shown(question.map)}
            )
    if question.kind is Kind.CONSENT and not question.body:
        yield Fault(place, N_("a consent has a body, the text that is agreed to. Add it."))


def _kept_up(question: Question, place: str) -> Iterator[Fault]:
    """What is set as a form begins, and what is written down hour by hour."""
    if question.preset and question.need is not Need.OPTIONAL:
        yield Fault(place, N_("what the clinic sets beforehand cannot be required. Take `need` or `preset` away."))
    if question.log and question.kind is not Kind.GROUP:
        yield Fault(place, N_("only a group is a log. Take `log` away."))
    if question.time and question.kind is not Kind.STRING:
        yield Fault(place, N_("only a string is a time of day. Take `time` away."))
