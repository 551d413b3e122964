"""PERFECT: power, endurance, repetitions and fast contractions of the pelvic floor muscles.

Laycock and Jerwood, Physiotherapy 2001;87:631-642. Power is the Modified Oxford grade 0 to 5; endurance is
seconds, repetitions and fast contractions are counts, each 0 to 10.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from intake.forms.problems import N_

Count = int | Decimal | None
HIGHEST = {"p": 5, "e": 10, "r": 10, "f": 10}

POWER_RANGE = N_("Power is a whole grade from 0 to 5.")
RANGE = N_("This is a whole number from 0 to 10.")
NO_POWER = N_("With power 0 there is no contraction to hold or repeat: this is 0 or not examined.")
NO_LIFT = N_("Power 0 cannot have a lift.")
UNREADABLE = N_("Write PERFECT in one line like 3/6/4//7: power/endurance/repetitions//fast, with - where not tested.")
LINE = re.compile(r"\s*(\d{1,2}|-)\s*/\s*(\d{1,2}|-)\s*/\s*(\d{1,2}|-)\s*//\s*(\d{1,2}|-)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be true of one part: "p", "e", "r", "f" or "lift"."""

    part: str
    text: str


def notation(*, p: Count, e: Count, r: Count, f: Count) -> str | None:
    """P/E/R//F, such as "3/6/4//7"; None unless all four were measured and agree."""
    if p is None or e is None or r is None or f is None or problems(p=p, e=e, r=r, f=f):
        return None
    return f"{int(p)}/{int(e)}/{int(r)}//{int(f)}"


def parse(line: str) -> dict[str, int | None] | None:
    """The four parts of a line such as "3/6/4//7"; a part written as "-" was not tested. None for what is no such line.

    Whether the parts can be true is told by `problems`; but a part that no scale holds makes no line.
    """
    found = LINE.fullmatch(line.replace("\u2212", "-").replace("\u2013", "-"))
    if found is None:
        return None
    parts = {part: None if text == "-" else int(text) for part, text in zip("perf", found.groups(), strict=True)}
    within = all(value is None or value <= HIGHEST[part] for part, value in parts.items())
    return parts if within and any(value is not None for value in parts.values()) else None


def problems(*, p: Count, e: Count, r: Count, f: Count, lift: bool | None = None) -> tuple[Problem, ...]:
    """Values that cannot be true. None is not measured, which is never zero."""
    parts = {"p": p, "e": e, "r": r, "f": f}
    return (*_out_of_range(parts), *_without_power(parts, lift=lift))


def _out_of_range(parts: dict[str, Count]) -> Iterator[Problem]:
    for part, value in parts.items():
        if value is not None and (value % 1 or not 0 <= value <= HIGHEST[part]):
            yield Problem(part, POWER_RANGE if part == "p" else RANGE)


def _without_power(parts: dict[str, Count], *, lift: bool | None) -> Iterator[Problem]:
    if parts["p"] != 0:
        return
    for part in ("e", "r", "f"):
        if parts[part]:
            yield Problem(part, NO_POWER)
    if lift:
        yield Problem("lift", NO_LIFT)
