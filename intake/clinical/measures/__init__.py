"""Outcome measures: what a set of item numbers comes to, by the published rule of each measure (table.toml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from intake.clinical.measures import table
from intake.clinical.measures.table import Measure, Scale

__all__ = ["Score", "ids", "of_total", "score"]

Number = int | float
Answers = Mapping[str, int | None]
MOST_DIGITS: Final = 20  # what has more was never the total of a measure


@dataclass(frozen=True, slots=True)
class Score:
    """What a measure comes to. `total` is None where the measure has none, or its rule gives none for these answers.

    `subscales` holds those that have a value; `band` the word for the total; `answered` of `items` were there;
    `prorated`: one of these values was scaled up from fewer items, so that it must clear no warning sign;
    `interpretable`: False where the measure forbids to compare this total, which has no band then.
    """

    total: Number | None
    subscales: Mapping[str, Number] = field(default_factory=dict)
    band: str | None = None
    answered: int = 0
    items: int = 0
    prorated: bool = False
    interpretable: bool = True


def ids() -> tuple[str, ...]:
    """Every measure that can be scored."""
    return tuple(table.measures())


def score(measure: str, answers: Answers) -> Score | None:
    """The score of item numbers by item ("1" …); None or no entry is a missing item, and a declined one is missing.

    None where the measure's rule gives neither a total nor a subscale for what is there. KeyError for a measure that
    is not in the table, ValueError for an item it does not have and a number the item cannot be.
    """
    found = table.measures()[measure]
    given = {item: value for item, value in answers.items() if value is not None}
    _refuse(found, answers, given)
    values = {name: value for name, scale in found.scales.items() if (value := _of_items(scale, given)) is not None}
    total = _total(found, given, values)
    if total is None and not values:
        return None
    judged = found.judged is None or _zeros(found, given) <= found.judged.most
    counted = [found.scales[name] for name in values] + ([found.total] if found.total and total is not None else [])
    return Score(
        total=None if total is None else _number(total),
        subscales={name: _number(value) for name, value in values.items()},
        band=_band(found, total) if total is not None and judged else None,
        answered=len(given),
        items=len(found.items),
        prorated=any(_is_short(scale, given, values) for scale in counted),
        interpretable=judged,
    )


def of_total(measure: str, total: Decimal) -> Score:
    """The score of a total that was typed in without its items: whether it may be compared cannot be judged then.

    ValueError for a total that the measure cannot have, or where it has none.
    """
    found = table.measures()[measure]
    if not _can_be(found, total):
        message = f"{total} is no total of {measure}"
        raise ValueError(message)
    given = Fraction(total)
    return Score(_number(given), band=_band(found, given) if found.judged is None else None, items=len(found.items))


def _can_be(found: Measure, total: Decimal) -> bool:
    """Whether it lies between the ends, and is whole where it has to be. Counting with 1e999999 would take for ever."""
    is_written = abs(total.adjusted()) < MOST_DIGITS and len(total.as_tuple().digits) <= MOST_DIGITS
    if found.range is None or not total.is_finite() or not is_written:
        return False
    low, high = found.range
    given = Fraction(total)
    return low <= given <= high and (given.denominator == 1 or not found.is_whole)


def _refuse(found: Measure, answers: Answers, given: Mapping[str, int]) -> None:
    for item in answers:
        if item not in found.items:
            message = f"{found.id} has no item {item!r}"
            raise ValueError(message)
    for item, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int) or value not in found.items[item]:
            message = f"item {item} of {found.id} cannot be {value!r}"
            raise ValueError(message)


def _of_items(scale: Scale, given: Mapping[str, int]) -> Fraction | None:
    there = [given[item] for item in scale.items if item in given]
    if len(there) < scale.least:
        return None
    value = Fraction(sum(there), len(there)) * scale.times
    if scale.how == "sum":
        value *= len(scale.items)
    return Fraction(int(value + Fraction(1, 2))) if scale.whole else value


def _total(found: Measure, given: Mapping[str, int], values: Mapping[str, Fraction]) -> Fraction | None:
    scale = found.total
    if scale is None:
        return None
    if scale.items:
        return _of_items(scale, given)
    there = [values[name] for name in scale.of if name in values]
    if len(there) < scale.least:
        return None
    return Fraction(sum(there), len(there)) * len(scale.of)


def _is_short(scale: Scale, given: Mapping[str, int], values: Mapping[str, Fraction]) -> bool:
    missing = any(item not in given for item in scale.items) or any(name not in values for name in scale.of)
    return missing and not scale.listed


def _zeros(found: Measure, given: Mapping[str, int]) -> int:
    return sum(not given.get(item) for item in found.judged.items) if found.judged else 0


def _band(found: Measure, total: Fraction) -> str | None:
    reached = [text for start, text in found.bands if (total > start if found.above else total >= start)]
    return reached[-1] if reached else None


def _number(value: Fraction) -> Number:
    return int(value) if value.denominator == 1 else float(value)
