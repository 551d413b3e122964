"""From answers to flags: every rule is looked at, none lowers another, the most urgent comes first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from intake.clinical.triage.case import Answers, Case, case
from intake.clinical.triage.findings import ANY_WARNING, ASKED_GENTLY
from intake.clinical.triage.rules import RULES, Severity

OTHER_WARNING: Final = "S14"
OURS: Final = "P"
NUMBER: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that was raised, and the ids of the questions or warning signs that raised it."""

    rule: str
    severity: Severity
    because: tuple[str, ...]


def triage(answers: Answers, *, today: date) -> tuple[Flag, ...]:
    """Return every flag the answers raise: the most urgent first, then by rule number, rules of ours last.

    `answers` maps a question to {"value": …} or {"status": …}; only a value ever counts. Pass the answers
    that are shown to the patient: one that a later answer hid would still count. Warning signs act at any
    time after birth (CDC: one year), and without a birth date as if the birth was recent.
    """
    looked_at = case(answers, today)
    flags = list(_raised(looked_at))
    flags += _other_warnings(looked_at, flags)
    return tuple(sorted(flags, key=_order))


def unanswered(answers: Answers) -> tuple[str, ...]:
    """The sensitive warning questions without an answer, whether declined, skipped, kept or never reached.

    They raise nothing, but staff must see "not answered", and never "no concerns".
    """
    given = Case(answers, date.min)
    return tuple(question for question in ASKED_GENTLY if given.value(question) is None)


def reads() -> Mapping[str, frozenset[str]]:
    """Every question the rules read and the codes they know of it, to check a form against."""
    known: dict[str, frozenset[str]] = {}
    for sign in (ANY_WARNING, *(rule.sign for rule in RULES)):
        for question, codes in sign.reads():
            known[question] = known.get(question, frozenset()) | codes
    return known


def _raised(looked_at: Case) -> Iterator[Flag]:
    for rule in RULES:
        because = rule.sign.found(looked_at)
        if because is not None:
            yield Flag(rule.id, rule.severity, because)


def _other_warnings(looked_at: Case, flags: list[Flag]) -> Iterator[Flag]:
    """S14: the warning signs that no flag at SAME_DAY or above is about."""
    urgent = (flag.because for flag in flags if flag.severity >= Severity.SAME_DAY)
    taken = {shown for because in urgent for shown in because}
    if left := tuple(each for each in ANY_WARNING.found(looked_at) or () if each not in taken):
        yield Flag(OTHER_WARNING, Severity.SAME_DAY, left)


def _order(flag: Flag) -> tuple[int, bool, int, str]:
    found = NUMBER.search(flag.rule)
    return -flag.severity, flag.rule.startswith(OURS), int(found[0]) if found else 0, flag.rule
