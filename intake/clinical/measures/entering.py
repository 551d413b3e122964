"""Numbers of a measure as staff type them in, item by item or as a total, and what they cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from intake.clinical.handwritten import reason_not_to_date
from intake.clinical.measures import of_total, table
from intake.clinical.measures.reading import Given
from intake.clinical.measures.table import Measure
from intake.forms.problems import N_, Problem

TOTAL: Final = "total"
DAY: Final = "on"


def allowed(found: Measure, item: str) -> list[int]:
    """What an item can be, the lowest first."""
    return sorted(found.items[item])


def told(found: Measure, item: str) -> str:
    """The same in short: from the lowest to the highest, or each where some between them cannot be."""
    values = allowed(found, item)
    is_stretch = values[1:-1] and values == list(range(values[0], values[-1] + 1))
    return f"{values[0]}\u2013{values[-1]}" if is_stretch else ", ".join(map(str, values))


def reasons_not_to_keep(measure: str, given: Given, *, on: date, today: date) -> list[Problem]:
    """Everything that is wrong with some numbers; empty when they can be kept."""
    found = table.measures()[measure]
    return [*_of_items(found, given.items), *_of_total(found, given), *_of_day(on, today)]


def _of_items(found: Measure, items: Mapping[str, int | None]) -> list[Problem]:
    wrong = [item for item, number in items.items() if number is not None and number not in found.items[item]]
    text = N_("This item can be %(values)s.")
    return [Problem(item, text, {"values": told(found, item)}) for item in wrong]


def _of_total(found: Measure, given: Given) -> list[Problem]:
    some = any(number is not None for number in given.items.values())
    if given.total is None:
        return [] if some else [Problem(TOTAL, N_("Please type in the items, or a total."))]
    if some:
        return [Problem(TOTAL, N_("Type in the items or a total, not both: the items make the total."))]
    return _out_of_range(found, given.total)


def _out_of_range(found: Measure, total: Decimal) -> list[Problem]:
    if found.range is None:
        return [Problem(TOTAL, N_("This measure has no total. Please type in its items."))]
    try:
        of_total(found.id, total)
    except ValueError:
        low, high = (f"{float(end):g}" for end in found.range)
        between = N_("The total is between %(low)s and %(high)s.")
        whole = N_("The total is a whole number between %(low)s and %(high)s.")
        return [Problem(TOTAL, whole if found.is_whole else between, {"low": low, "high": high})]
    return []


def _of_day(on: date, today: date) -> list[Problem]:
    reason = reason_not_to_date(on, today)
    return [Problem(DAY, reason)] if reason else []
