"""The table of measures, read once and checked: a slip in it stops the start instead of miscounting somebody."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

from intake.forms.model import Tier

FILE: Final = Path(__file__).with_name("table.toml")
STRETCH = re.compile(r"(-?\d+)(?:-(-?\d+))?")
HOW = frozenset({"sum", "mean"})
BETTER = frozenset({"more", "less"})


@dataclass(frozen=True, slots=True)
class Scale:
    """One sum or mean. It counts `items`, or adds up other scales (`of`); at least `least` of them have to be there."""

    items: tuple[str, ...]
    of: tuple[str, ...]
    how: str
    times: Fraction
    least: int
    whole: bool
    listed: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """Of `items` at most `most` may be 0 or missing, else the total must not be compared with the bands."""

    items: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Step:
    """A change of the total that counts: by so many points or, with a `share`, by that part of where it began.

    `single` is how many points it takes where the total is that of one item alone, if that is another number.
    """

    by: Fraction
    share: Fraction | None
    source: str
    single: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """How one measure is counted. `items` maps each item number to the values it can have.

    `less_is_better` is None where there is no total. `matters` is the smallest change that matters to people, `error`
    the smallest that is beyond the error of measuring; None where nobody agrees on one. `is_change` says that the total
    itself tells how much has changed, so that two of them are not compared.
    """

    id: str
    label: str
    source: str
    tier: Tier
    less_is_better: bool | None
    matters: Step | None
    error: Step | None
    items: Mapping[str, frozenset[int]]
    total: Scale | None
    scales: Mapping[str, Scale]
    bands: tuple[tuple[Fraction, str], ...]
    above: bool
    judged: Judged | None
    is_change: bool = False

    @property
    def range(self) -> tuple[Fraction, Fraction] | None:
        """The lowest and the highest total there can be; None where there is no total."""
        return None if self.total is None else (self._reach(self.total, min), self._reach(self.total, max))

    @property
    def is_whole(self) -> bool:
        """Whether the total is a whole number, whatever was answered: a sum of items that is never scaled up."""
        scale = self.total
        if scale is None or scale.of:
            return False
        return scale.whole or (scale.how == "sum" and scale.times == 1 and scale.least == len(scale.items))

    def _reach(self, scale: Scale, end: Callable[[frozenset[int]], int]) -> Fraction:
        if scale.of:
            return sum((self._reach(self.scales[name], end) for name in scale.of), Fraction(0))
        found = sum(end(self.items[item]) for item in scale.items) * scale.times
        return found if scale.how == "sum" else found / len(scale.items)


@cache
def measures() -> Mapping[str, Measure]:
    """Every measure by its id, in the order of the file; ValueError for a table that does not fit itself."""
    with FILE.open("rb") as file:
        return {name: _measure(name, given) for name, given in tomllib.load(file).items()}


def numbers(text: str) -> tuple[int, ...]:
    """The numbers of "1-5,12"; ValueError for a text that is no such list."""
    found: list[int] = []
    for part in text.split(","):
        stretch = STRETCH.fullmatch(part)
        if stretch is None:
            message = f"{text!r} is no list of numbers"
            raise ValueError(message)
        first = int(stretch[1])
        found += range(first, int(stretch[2] or first) + 1)
    return tuple(found)


def _measure(name: str, given: Mapping[str, Any]) -> Measure:
    scales = {each: _scale(about) for each, about in given.get("scales", {}).items()}
    total = _scale(given["total"]) if "total" in given else None
    asked = {item for scale in [*scales.values(), *([total] if total else [])] for item in scale.items}
    if asked != {str(number) for number in range(1, len(asked) + 1)}:
        message = f"the items of {name} are not 1 to {len(asked)}"
        raise ValueError(message)
    if total and not set(total.of) <= scales.keys():
        message = f"the total of {name} adds up a scale it does not have"
        raise ValueError(message)
    single = given.get("item_values", {})
    items = {each: frozenset(numbers(single.get(each, given["values"]))) for each in sorted(asked, key=int)}
    return Measure(
        id=name,
        label=given["label"],
        source=given["source"],
        tier=Tier(given["tier"]),
        less_is_better=_less_is_better(name, given, total),
        matters=_step(given["matters"]) if "matters" in given else None,
        error=_step(given["error"]) if "error" in given else None,
        items=items,
        total=total,
        scales=scales,
        bands=tuple((Fraction(each["from"]), each["text"]) for each in given.get("bands", ())),
        above=given.get("above", False),
        judged=_judged(given["judged"]) if "judged" in given else None,
        is_change=given.get("is_change", False),
    )


def _scale(given: Mapping[str, Any]) -> Scale:
    items, of = _items(given["items"]) if "items" in given else (), tuple(given.get("of", ()))
    if given.get("how", "sum") not in HOW or bool(items) == bool(of):
        message = f"{dict(given)} is no scale"
        raise ValueError(message)
    return Scale(
        items=items,
        of=of,
        how=given.get("how", "sum"),
        times=Fraction(given.get("times", "1")),
        least=given.get("least", len(items or of)),
        whole=given.get("whole", False),
        listed=given.get("listed", False),
    )


def _less_is_better(name: str, given: Mapping[str, Any], total: Scale | None) -> bool | None:
    if (given.get("better") in BETTER) != (total is not None):
        message = f"{name} does not say which way is better, or says it without a total"
        raise ValueError(message)
    return None if total is None else bool(given["better"] == "less")


def _step(given: Mapping[str, Any]) -> Step:
    share, single = (Fraction(given[name]) if name in given else None for name in ("share", "single"))
    return Step(Fraction(given["by"]), share, given["source"], single)


def _judged(given: Mapping[str, Any]) -> Judged:
    return Judged(_items(given["items"]), given["most"])


def _items(text: str) -> tuple[str, ...]:
    return tuple(str(number) for number in numbers(text))
