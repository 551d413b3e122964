"""The table of measures, read once and checked: a slip in it stops the start instead of miscounting somebody."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("table.toml")
STRETCH = re.compile(r"(-?\d+)(?:-(-?\d+))?")
HOW = frozenset({"sum", "mean"})


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
class Measure:
    """How one measure is counted. `items` maps each item number to the values it can have."""

    id: str
    label: str
    source: str
    items: Mapping[str, frozenset[int]]
    total: Scale | None
    scales: Mapping[str, Scale]
    bands: tuple[tuple[Fraction, str], ...]
    above: bool
    judged: Judged | None


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
        items=items,
        total=total,
        scales=scales,
        bands=tuple((Fraction(each["from"]), each["text"]) for each in given.get("bands", ())),
        above=given.get("above", False),
        judged=_judged(given["judged"]) if "judged" in given else None,
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


def _judged(given: Mapping[str, Any]) -> Judged:
    return Judged(_items(given["items"]), given["most"])


def _items(text: str) -> tuple[str, ...]:
    return tuple(str(number) for number in numbers(text))
