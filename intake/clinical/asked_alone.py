"""What it means for staff that somebody answered the safety form as they did. Only a value counts, never a silence.

Somebody can be asked more than once at a visit: what was said at any time counts, and a later silence takes nothing
back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from intake.clinical.triage import safety
from intake.clinical.triage.case import Answers
from intake.clinical.triage.flags import Flag, in_order
from intake.clinical.triage.safety import StaffWords
from intake.clinical.values import value
from intake.forms.conditions import Answer

WANT: Final = "ipv_want"
FREE, ALWAYS = "sx_pressure", "always"


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: how urgent, what to do, and the questions that raised it."""

    severity: str
    words: StaffWords
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The signs, gravest first; the questions without an answer; and whether what is meant for couples stays off.

    It stays off unless freedom to say no was answered with "always", and never otherwise.
    """

    signs: tuple[Sign, ...]
    unanswered: tuple[str, ...]
    couples_off: bool


def meaning(times: Sequence[Answers], asked: Sequence[str]) -> Meaning:
    """What the answers mean; one for each time somebody was asked."""
    known = safety.words().rules
    signs = tuple(Sign(flag.severity.name, known[flag.rule], flag.because) for flag in _flags(times))
    unanswered = tuple(name for name in asked if all(value(answers, name) is None for answers in times))
    free = {value(answers, FREE) for answers in times} - {None}
    return Meaning(signs, unanswered, couples_off=free != {ALWAYS})


def wanted(times: Sequence[Answers]) -> Answer | None:
    """What somebody said they want; of several times the first one given here counts."""
    return next((answers[WANT] for answers in times if value(answers, WANT) is not None), None)


def _flags(times: Sequence[Answers]) -> tuple[Flag, ...]:
    found: dict[str, Flag] = {}
    for flag in (flag for answers in times for flag in safety.safety_flags(answers)):
        before = found.get(flag.rule)
        because = tuple(dict.fromkeys((*(before.because if before else ()), *flag.because)))
        found[flag.rule] = Flag(flag.rule, flag.severity, because)
    return in_order(found.values())
