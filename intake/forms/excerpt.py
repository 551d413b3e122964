"""One section of a form asked by itself, over what is known from before.

What a question hangs on outside the section was answered earlier: such conditions are settled by the earlier answers
and leave the form. A private section brings the questions along that say whether this is a good moment and place:
what held then says nothing about now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import lru_cache

from intake.forms.conditions import Answers, holds
from intake.forms.model import Condition, Form, Page, Question, Section, Tier, When

ALWAYS = When()


def excerpt(form: Form, section_id: str, known: Answers) -> Form:
    """The form cut down to one section; KeyError when it has none of that name. `known` are earlier answers.

    The same earlier answers give the same object, which other modules keep things about.
    """
    settled = frozenset(
        condition for condition in _outside(form, section_id) if holds(When((condition,)), known, form.by_id)
    )
    return _cut(form, section_id, settled)


def offered(form: Form, known: Answers) -> tuple[Section, ...]:
    """The sections that can be asked again: they fit what is known, and they ask something.

    What is set as a form begins, what asks whether others are still right and a diary are asked as whole forms alone.
    """
    return tuple(
        section
        for section in form.sections
        if section.tier is not Tier.SAFETY
        and not any(question.recall or question.preset or question.log for question in section.questions())
        and holds(section.when, known, form.by_id)
        and any(page.questions for page in excerpt(form, section.id, known).section(section.id).pages)
    )


@lru_cache(maxsize=256)
def _outside(form: Form, section_id: str) -> tuple[Condition, ...]:
    """The conditions in a section on what is not asked along with it."""
    inside = _names(form, section_id)
    listed = [condition for section in _kept(form, section_id) for condition in _conditions(section)]
    return tuple(dict.fromkeys(each for each in listed if _root(each) not in inside))


def _conditions(section: Section) -> Iterator[Condition]:
    for page in section.pages:
        yield from page.when.conditions
        for question in page.questions:
            yield from question.when.conditions
            siblings = {child.id for child in question.questions}
            for child in question.questions:
                yield from (each for each in child.when.conditions if _root(each) not in siblings)


def _root(condition: Condition) -> str:
    return condition.question.partition(".")[0]


def _kept(form: Form, section_id: str) -> list[Section]:
    """The section, and before it the pages that a private one hangs on."""
    section = form.section(section_id)
    gate = {_root(condition) for condition in form.private_when.conditions} if section.private else set()
    before = [_only(each, gate) for each in form.sections if each.id != section_id]
    return [*(each for each in before if each.pages), replace(section, when=ALWAYS)]


def _only(section: Section, names: Collection[str]) -> Section:
    pages = tuple(page for page in section.pages if any(question.id in names for question in page.questions))
    return replace(section, when=ALWAYS, pages=pages)


def _names(form: Form, section_id: str) -> frozenset[str]:
    return frozenset(question.id for section in _kept(form, section_id) for question in section.questions())


@lru_cache(maxsize=256)
def _cut(form: Form, section_id: str, settled: frozenset[Condition]) -> Form:
    inside = _names(form, section_id)
    sections = tuple(_settled_section(section, inside, settled) for section in _kept(form, section_id))
    private_when = form.private_when if form.section(section_id).private else ALWAYS
    return replace(form, sections=sections, private_when=private_when)


def _settled_section(section: Section, inside: Collection[str], settled: Collection[Condition]) -> Section:
    """The section with its own conditions alone. A page that asks nothing stays: pages are found by their number."""
    return replace(section, pages=tuple(_settled_page(page, inside, settled) for page in section.pages))


def _settled_page(page: Page, inside: Collection[str], settled: Collection[Condition]) -> Page:
    when = _settled(page.when, inside, settled)
    if when is None:
        return replace(page, when=ALWAYS, questions=())
    return replace(page, when=when, questions=_settled_questions(page.questions, inside, settled))


def _settled_questions(
    questions: Collection[Question], inside: Collection[str], settled: Collection[Condition]
) -> tuple[Question, ...]:
    found = []
    for question in questions:
        when = _settled(question.when, inside, settled)
        if when is not None:
            own = {*inside, *(child.id for child in question.questions)}
            found.append(replace(question, when=when, questions=_settled_questions(question.questions, own, settled)))
    return tuple(found)


def _settled(when: When, inside: Collection[str], settled: Collection[Condition]) -> When | None:
    """What is left of some conditions; None when they cannot hold any more."""
    own = tuple(each for each in when.conditions if _root(each) in inside)
    outside = [each in settled for each in when.conditions if _root(each) not in inside]
    if not outside:
        return when
    if when.any_of:
        return ALWAYS if any(outside) else (replace(when, conditions=own) if own else None)
    return replace(when, conditions=own) if all(outside) else None
