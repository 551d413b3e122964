"""Which keys mean something for which kind of question, and how much one question may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from intake.forms.faults import Fault, within
from intake.forms.model import Form, Kind, Question
from intake.forms.problems import N_

CHOOSING = frozenset({Kind.CHOICE, Kind.CHOICES})
FOR: Mapping[str, frozenset[Kind]] = {
    "options": CHOOSING | {Kind.CONSENT, Kind.GRID},
    **dict.fromkeys(("rows", "columns"), frozenset({Kind.GRID})),
    **dict.fromkeys(
        ("questions", "minimum_entries", "maximum_entries", "entry_name", "ready"), frozenset({Kind.GROUP})
    ),
    **dict.fromkeys(("units", "step", "decimals"), frozenset({Kind.NUMBER})),
    **dict.fromkeys(("minimum", "maximum"), frozenset({Kind.NUMBER, Kind.SCALE})),
    **dict.fromkeys(("low_label", "high_label"), frozenset({Kind.SCALE})),
    **dict.fromkeys(("map", "rated"), frozenset({Kind.MAP})),
    **dict.fromkeys(("past", "approximate"), frozenset({Kind.DATE})),
    "other": CHOOSING,
    "not_sure": frozenset({Kind.YES_NO}),
    "body": frozenset({Kind.DISPLAY, Kind.CONSENT}),
    "max_length": CHOOSING | {Kind.STRING, Kind.TEXT},
    "prefill": frozenset({Kind.TEXT}),
    "picks": frozenset({Kind.STRING}),
    **dict.fromkeys(("may_decline", "may_tell_in_person"), frozenset(Kind) - {Kind.DISPLAY}),
}
MOST_POINTS = 20
UNSCORED = frozenset({"not-applicable", "not-sure"})  # who chooses these is not counted at all
OWN_FIELDS = frozenset({"status", "reason", "count", "other", "unit"})  # what a page sends beside the rows of a grid


def unused(table: Mapping[str, Any], place: str) -> Iterator[Fault]:
    """Keys of a question's table that do nothing there."""
    for key in table:
        if key in FOR and table["kind"] not in FOR[key]:
            kinds = ", ".join(sorted(FOR[key]))
            yield Fault(
                place,
                N_("%(key)s does nothing for the kind %(kind)s. It is for: %(kinds)s."),
                {"key": key, "kind": table["kind"], "kinds": kinds},
            )
    for key in ("questions", "columns"):
        for each in table.get(key, ()):
            yield from unused(each, within(place, each["id"]))


def faults(form: Form) -> Iterator[Fault]:
    """What no page could show, or nobody could work with."""
    for section in form.sections:
        asked = [question for question in section.questions() if question.kind is not Kind.DISPLAY]
        if section.pages and not asked:
            yield Fault(section.id, N_("the section asks nothing, so it could never be done. Add a question."))
        for number, page in enumerate(section.pages, 1):
            for question in page.questions:
                yield from _of(question, within(section.id, f"page {number}", question.id))


def _of(question: Question, place: str) -> Iterator[Fault]:
    if question.kind is Kind.SCALE:
        yield from _scale(question, place)
    if question.step is not None and question.step <= 0:
        yield Fault(place, N_("step is not above 0. It says how far two numbers are apart."))
    if question.minimum_entries > question.maximum_entries and question.kind is Kind.GROUP:
        yield Fault(place, N_("minimum_entries is above maximum_entries. Change one of them."))
    yield from _scores(question, place)
    for row in question.rows:
        if row.code in OWN_FIELDS:
            yield Fault(place, N_("a row cannot have the code %(code)s. Give it another one."), {"code": row.code})
    codes = [unit.code for unit in question.units]
    if len(set(codes)) != len(codes):
        yield Fault(place, N_("the code of a unit is used twice. Give one another code."))
    for child in (*question.questions, *question.columns):
        yield from _of(child, within(place, child.id))


def _scores(question: Question, place: str) -> Iterator[Fault]:
    """Options that count, and one that does not: the sum would be too small without a word."""
    lacking = [each.code for each in question.options if each.score is None and each.code not in UNSCORED]
    if lacking and any(each.score is not None for each in question.options):
        yield Fault(
            place,
            N_("some options have a score, and %(codes)s has none. Give each its score, or none any."),
            {"codes": ", ".join(lacking)[:100]},
        )


def _scale(question: Question, place: str) -> Iterator[Fault]:
    low, high = question.minimum or Decimal(0), question.maximum or Decimal(0)
    if low != int(low) or high != int(high) or not 0 <= low < high or high - low > MOST_POINTS:
        yield Fault(
            place,
            N_("a scale runs over whole numbers from 0 or more, with at most %(most)s steps. Change its bounds."),
            {"most": MOST_POINTS},
        )
