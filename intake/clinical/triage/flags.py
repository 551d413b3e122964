"""From answers to flags: every rule is looked at, none lowers another, the most urgent comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from intake.clinical.measures import reading
from intake.clinical.triage.case import NO_MEASURES, Answers, Case, Measures, case
from intake.clinical.triage.findings import ANY_WARNING, ASKED_GENTLY, SELF_HARM_ITEMS
from intake.clinical.triage.rules import RULES, Rule, Severity
from intake.clinical.triage.signs import Sign, item_id

OTHER_WARNING: Final = "S14"
OURS: Final = "P"
NUMBER: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that was raised, and the ids of the questions or warning signs that raised it."""

    rule: str
    severity: Severity
    because: tuple[str, ...]


def triage(
    answers: Answers, *, today: date, measures: Measures = NO_MEASURES, born: date | None = None
) -> tuple[Flag, ...]:
    """Return every flag the answers raise: the most urgent first, then by rule number, rules of ours last.

    `answers` maps a question to {"value": …} or {"status": …}; only a value ever counts. Pass the answers
    that are shown to the patient: one that a later answer hid would still count. Warning signs act at any
    time after birth (CDC: one year), and without a birth date as if the birth was recent. `born` is her own birthday: a
    birth that does not fit it has no date.

    `measures` maps "phq-2", "phq-9", "gad-7", "epds" and "pc-ptsd-5" to {item number: scored value or None}. A
    total counts only when every item has a value; the items about self-harm act alone. A flag names a
    measure as "phq-9" and an item as "phq-9.9". Those that the answers hold themselves are read from there. Nothing
    about violence is read here: see `safety`.
    """
    looked_at = case(answers, today, {**reading.items(answers), **measures}, born)
    flags = list(raised(RULES, looked_at))
    flags += _other_warnings(looked_at, flags)
    return in_order(flags)


def unanswered(answers: Answers, measures: Measures = NO_MEASURES) -> tuple[str, ...]:
    """The sensitive warning questions without an answer, whether declined, skipped, kept or never reached.

    The item about self-harm of a measure that was begun is one of them ("phq-9.9"). They raise nothing, but
    staff must see "not answered", and never "no concerns".
    """
    measures = {**reading.items(answers), **measures}
    given = Case(answers, date.min, measures=measures)
    questions = [question for question in ASKED_GENTLY if given.value(question) is None]
    items = [each for each in SELF_HARM_ITEMS if each[0] in measures and given.score(*each) is None]
    return (*questions, *(item_id(*each) for each in items))


def reads() -> Mapping[str, frozenset[str]]:
    """Every question the rules read and the codes they know of it, to check a form against."""
    return read_by((ANY_WARNING, *(rule.sign for rule in RULES)))


def read_by(signs: Iterable[Sign]) -> Mapping[str, frozenset[str]]:
    """Every question some signs read, and the codes they know of it."""
    known: dict[str, frozenset[str]] = {}
    for sign in signs:
        for question, codes in sign.reads():
            known[question] = known.get(question, frozenset()) | codes
    return known


def raised(rules: Iterable[Rule], looked_at: Case) -> Iterator[Flag]:
    """A flag for each of the rules whose sign is found."""
    for rule in rules:
        because = rule.sign.found(looked_at)
        if because is not None:
            yield Flag(rule.id, rule.severity, because)


def in_order(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """The most urgent first, then by rule number, rules of ours last."""
    return tuple(sorted(flags, key=lambda flag: (-flag.severity, place(flag.rule))))


@cache
def place(rule: str) -> tuple[bool, int, str]:
    """Where a rule stands among those of its level."""
    found = NUMBER.search(rule)
    return rule.startswith(OURS), int(found[0]) if found else 0, rule


def _other_warnings(looked_at: Case, flags: list[Flag]) -> Iterator[Flag]:
    """S14: the warning signs that no flag at SAME_DAY or above is about."""
    urgent = (flag.because for flag in flags if flag.severity >= Severity.SAME_DAY)
    taken = {shown for because in urgent for shown in because}
    if left := tuple(each for each in ANY_WARNING.found(looked_at) or () if each not in taken):
        yield Flag(OTHER_WARNING, Severity.SAME_DAY, left)
