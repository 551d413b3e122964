"""Which answers may be shown to whom: the one place where a tier is compared with what a viewer may see.

A viewer has a ceiling (desk < care < sensitive < safety). An answer is shown when its question's tier, and the tier of
every question that decides whether it is asked, lie at or below it: that a question was asked at all can tell what
another was answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from intake.forms import reader
from intake.forms.conditions import Answer, Answers, visible_answers
from intake.forms.model import Form, Kind, Page, Question, Section, Tier, When

Tiers = Mapping[str, Tier]
ALONE = "safety"  # the form that is answered alone


def disclosed(form: Form, answers: Answers, ceiling: Tier | str) -> dict[str, Answer]:
    """The answers that are shown and may be seen below a ceiling, inside groups too; none for an empty ceiling."""
    if not ceiling:
        return {}
    most = Tier(ceiling)
    known = tiers(form)
    return {
        name: within(form.by_id[name], answer, most)
        for name, answer in visible_answers(form, answers).items()
        if known[name].rank <= most.rank
    }


def within(question: Question, answer: Answer, most: Tier) -> Answer:
    """A group's answer without the children above the ceiling; any other answer as it is."""
    if question.kind is not Kind.GROUP or "value" not in answer:
        return answer
    below = {child.id for child in question.questions if child.tier.rank <= most.rank}
    entries = [{name: said for name, said in entry.items() if name in below} for entry in answer["value"]]
    return {**answer, "value": entries}


@lru_cache(maxsize=64)
def tiers(form: Form) -> Tiers:
    """{question: the highest of its own tier and of those its being asked depends on}."""
    found: dict[str, Tier] = {}
    for section in form.sections:
        around = _reasons(section.when)
        if section.private:
            around |= _reasons(form.private_when)
        for page in section.pages:
            for question in page.questions:
                names = around | _reasons(page.when) | _reasons(question.when)
                found[question.id] = highest([question.tier, *(found[name] for name in names if name in found)])
    return found


def _reasons(when: When) -> frozenset[str]:
    return frozenset(condition.question.partition(".")[0] for condition in when.conditions)


def highest(found: Collection[Tier]) -> Tier:
    """The highest tier of the parts, which is the tier of the whole."""
    return max(found, key=lambda tier: tier.rank, default=Tier.DESK)


def tier_of_reasons(form: Form, reasons: Collection[str]) -> Tier:
    """The tier of what was concluded from some questions or ticked options; one nobody knows counts as sensitive.

    One that is asked alone counts as safety, whatever form it is said to come from.
    """
    known, (questions, codes) = _tiers_by_code(form), _asked_alone()
    alone = questions | (codes - known.keys())
    found = [Tier.SAFETY if reason in alone else known.get(reason, Tier.SENSITIVE) for reason in reasons]
    return highest(found or [Tier.CARE])


@cache
def _asked_alone() -> tuple[frozenset[str], frozenset[str]]:
    """The questions, and the codes of the options, of every version of the form that is answered alone."""
    forms = [reader.load(name, version) for name, version in reader.published() if name == ALONE]
    questions = frozenset(question.id for form in forms for question in form.questions())
    return questions, frozenset(name for form in forms for name, _tier in _named(form)) - questions


@lru_cache(maxsize=64)
def _tiers_by_code(form: Form) -> Tiers:
    """{question, child of a group, or option code: tier}; a code two questions share takes the higher tier."""
    found: dict[str, Tier] = {}
    for name, tier in _named(form):
        found[name] = highest([tier, found.get(name, tier)])
    return found


def _named(form: Form) -> Iterator[tuple[str, Tier]]:
    for question in form.questions():
        for asked in (question, *question.questions):
            yield asked.id, asked.tier
            yield from ((option.code, asked.tier) for option in (*asked.options, *asked.rows))


@lru_cache(maxsize=64)
def restricted(form: Form, ceiling: Tier | str) -> Form:
    """The form without the questions above a ceiling, for somebody who may write only below it.

    A group that holds a child above the ceiling is left out whole: written without the child, it would lose it.
    """
    if ceiling == Tier.SAFETY:
        return form
    sections = [_section(section, _allowed(form, ceiling)) for section in form.sections]
    return replace(form, sections=tuple(section for section in sections if section.pages))


def _allowed(form: Form, ceiling: Tier | str) -> frozenset[str]:
    most = Tier(ceiling).rank if ceiling else -1
    known = tiers(form)
    return frozenset(
        question.id
        for question in form.questions()
        if known[question.id].rank <= most and all(child.tier.rank <= most for child in question.questions)
    )


def _section(section: Section, allowed: Collection[str]) -> Section:
    pages = [_page(page, allowed) for page in section.pages]
    return replace(section, pages=tuple(page for page in pages if page.questions))


def _page(page: Page, allowed: Collection[str]) -> Page:
    return replace(page, questions=tuple(question for question in page.questions if question.id in allowed))


def parts(ceiling: Tier | str, sections: Collection[Section]) -> list[Section]:
    """Those of some sections whose very title may be seen below a ceiling."""
    most = Tier(ceiling).rank if ceiling else -1
    return [section for section in sections if section.tier.rank <= most]


def seen(form: Form, answers: Mapping[str, Any]) -> frozenset[Tier]:
    """The tiers among some answers, children of groups included: what the line about a look at them says."""
    known = tiers(form)
    found = {known[name] for name in answers if name in known}
    for name, answer in answers.items():
        children = {child.id: child.tier for child in form.by_id[name].questions} if name in form.by_id else {}
        given = answer.get("value") if children else None
        found |= {children[child] for entry in given or () for child in entry if child in children}
    return frozenset(found)
