"""What answers about safety at home mean, for the safety role only.

A table of its own: `triage` never reads these questions, nor returns these rules, so that no list, count or message can
hold them by accident. The patient reads the same words whatever the answers were (`words().patient`), so there are none
for a rule.

Where a rule leaves room, it is read on the safe side:

E9: the question about being at home today stands for "unsafe where I am now", in the clinic and at home.
S11 stays beside E9, and also when the question about being at home has no answer. Freedom to say no to sex counts from
"mostly" on: whatever is not "always". A weapon, choking or a threat to kill counts by itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from intake.clinical.triage.case import Answers, Case
from intake.clinical.triage.flags import Flag, in_order, raised, read_by
from intake.clinical.triage.rules import Rule, Severity
from intake.clinical.triage.signs import any_of, ticked

FILE: Final = Path(__file__).with_name("safety.toml")
PLACEHOLDERS: Final = frozenset({"emergency", "violence"})
HARM: Final = (
    *("ipv_humiliated", "ipv_afraid", "ipv_forced", "ipv_hurt"),
    *("ipv_weapon_choke", "ipv_unwanted_sex"),
)
SAFETY_RULES: Final = (
    Rule("E9", Severity.EMERGENCY, ticked("ipv_now_safe", "no")),
    Rule(
        "S11",
        Severity.SAME_DAY,
        any_of(
            *(ticked(question, "yes") for question in HARM),
            ticked("sx_pressure", "mostly", "sometimes", "never"),
            ticked("contra_control", "no"),
        ),
    ),
    Rule("S12", Severity.SAME_DAY, ticked("ipv_child_risk", "yes")),
)


@dataclass(frozen=True, slots=True)
class StaffWords:
    """What one rule says to the safety role: when it is raised, what to do, and where that comes from."""

    rule: str
    when: str
    staff: str
    source: str


@dataclass(frozen=True, slots=True)
class Words:
    """`patient` is shown to everybody, with {emergency} and {violence}; the rest is for the safety role."""

    patient: str
    rules: Mapping[str, StaffWords]


def safety_flags(answers: Answers) -> tuple[Flag, ...]:
    """The flags that answers to the safety form raise, the most urgent first. Only a value ever counts."""
    return in_order(raised(SAFETY_RULES, Case(answers, date.min)))


def not_answered(answers: Answers) -> tuple[str, ...]:
    """The questions of the rules without an answer: staff must see "not answered", and never "safe"."""
    given = Case(answers, date.min)
    return tuple(question for question in reads() if given.value(question) is None)


def reads() -> Mapping[str, frozenset[str]]:
    """Every question the rules read and the codes they know of it, to check the form against."""
    return read_by(rule.sign for rule in SAFETY_RULES)


@cache
def words() -> Words:
    """The words of safety.toml."""
    with FILE.open("rb") as file:
        read = tomllib.load(file)
    return Words(read["patient"], {rule: StaffWords(rule=rule, **said) for rule, said in read["rules"].items()})
