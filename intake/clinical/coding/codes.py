"""Codes as a bill knows them: how one is written, what it means on a day, and the list of diagnoses that comes along.

The list is ICD-10-CM as of its release; a clinic can load the full set of a year beside it (flask codes import).
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

ALWAYS: Final = date.min  # where no first day is said
CATEGORY: Final = 3  # letters of a code without its point
HERE = Path(__file__).parent
ICD10: Final = re.compile(r"\s*([A-Za-z][0-9][0-9A-Za-z])\.?([0-9A-Za-z]{0,4})(?![0-9A-Za-z.])")
ANYWHERE: Final = re.compile(r"(?<![0-9A-Za-z.])([A-Za-z][0-9][0-9A-Za-z])(\.?)([0-9A-Za-z]{0,4})(?![0-9A-Za-z])")
PROCEDURE: Final = re.compile(r"\s*([0-9A-Za-z][0-9]{3}[0-9A-Za-z])(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Code:
    """One code in one stretch of time. `valid_to` is its last day, or None. A heading is never billed itself.

    `timed` and `fee` (in cents) are of a procedure, `rule` ("cms" or "ama") is of a payer.
    """

    code: str
    title: str
    valid_from: date
    valid_to: date | None = None
    group: str = ""
    is_heading: bool = False
    timed: bool = False
    fee: int | None = None
    rule: str = ""

    def is_valid(self, on: date) -> bool:
        """Whether it stands on that day of service."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def words(self) -> str:
        """The code with its title, as a note keeps it."""
        return f"{self.code} {self.title}"


Known = Mapping[str, Code]


@dataclass(frozen=True, slots=True)
class Lists:
    """What is known of codes on a day of service. `is_full`: whatever is not among the diagnoses does not exist."""

    diagnoses: Known
    procedures: Known
    payers: Known
    is_full: bool = False


def diagnosis(text: str) -> str:
    """The ICD-10-CM code a text begins with, as it is written ("n3941 urge" is "N39.41"); empty where it has none."""
    found = ICD10.match(text)
    if found is None:
        return ""
    return _dotted(found[1], found[2])


def words_behind(text: str) -> str:
    """What follows the ICD-10-CM code a text begins with."""
    found = ICD10.match(text)
    return "" if found is None else text[found.end() :].strip()


def within(words: str) -> tuple[str, ...]:
    """The ICD-10-CM codes somewhere in some words: with their point, or such as are in our list or kept apart.

    "B12" and "L4-S1" are written like codes, and are none.
    """
    found = [(_dotted(each[1], each[3]), bool(each[2] and each[3])) for each in ANYWHERE.finditer(words)]
    known = {each.code for each in ours()}
    return tuple(code for code, has_point in found if has_point or code in known or is_apart(code))


def named(words: str, known: Known) -> tuple[str, ...]:
    """Those of them that somebody means as a code: a letter and two digits alone are one only where a list has them.

    A catheter F16 is none, and neither is "F, 32"; F39 is one where the `known` codes of the day hold it.
    """
    return tuple(code for code in within(words) if len(code) > CATEGORY or _is_listed(code, known))


def _is_listed(code: str, known: Known) -> bool:
    found = known.get(code)
    return (found is not None and not found.is_heading) or any(code == each.code for each in ours())


def _dotted(category: str, rest: str) -> str:
    return f"{category}.{rest}".upper() if rest else category.upper()


def procedure(text: str) -> str:
    """The procedure code a text begins with; empty where it has none."""
    found = PROCEDURE.match(text)
    return found[1].upper() if found else ""


def begins(code: str, patterns: Iterable[str]) -> bool:
    """Whether a code is among some patterns; one that ends in "-" stands for all that begin so, itself included."""
    return any(code.startswith(each[:-1]) if each.endswith("-") else code == each for each in patterns)


@cache
def rules() -> Mapping[str, Any]:
    """What goes with what (icd10.toml)."""
    return tomllib.loads((HERE / "icd10.toml").read_text(encoding="utf-8"))


@cache
def ours() -> tuple[Code, ...]:
    """The diagnoses of pelvic health that come with Fernleaf, in the order of their groups."""
    with (HERE / "icd10.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Code(row["code"], row["title"], _day(row["valid_from"]), _last(row["valid_to"]), row["group"])
            for row in csv.DictReader(lines)
        )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _last(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def on_day(found: Iterable[Code], on: date) -> dict[str, Code]:
    """{code: what it means on a day}; of two that overlap the one that began later."""
    valid = sorted((each for each in found if each.is_valid(on)), key=lambda each: each.valid_from)
    return {each.code: each for each in valid}


def built_in(on: date) -> Lists:
    """What is known without anything a clinic loaded."""
    return Lists(on_day(ours(), on), {}, {})


def is_heading(code: str, known: Known) -> bool:
    """Whether other codes continue this one, so that it says too little for a bill."""
    found = known.get(code)
    if found is not None:
        return found.is_heading
    return any(each.startswith(code) and each != code for each in (*known, *(own.code for own in ours())))


def is_offered(code: str) -> bool:
    """Whether a picker offers it at all."""
    told = rules()
    return not begins(code, (*told["refused"], *told["unsuited"]))


def is_apart(code: str) -> bool:
    """Whether it is one of those that go on a bill only when somebody chose so."""
    return begins(code, rules()["apart"])
