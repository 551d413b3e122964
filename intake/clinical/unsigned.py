"""Notes that wait for a signature: how long ago the visit was, and how many wait for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from intake.clinical import late


class Age(StrEnum):
    """How pressing a note is."""

    FRESH = "fresh"
    DUE = "due"
    LATE = "late"


def age(visit_at: datetime, now: datetime) -> Age:
    """How pressing the note on a visit is, from the moment the visit began."""
    if late.is_late(visit_at, now):
        return Age.LATE
    return Age.DUE if late.is_due(visit_at, now) else Age.FRESH


def days(visit_at: datetime, now: datetime) -> int:
    """Whole days since a visit; none before it."""
    return max(0, (now - visit_at) // timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many notes wait for one person, how many of them for more than a day and more than two, and the oldest."""

    person: Any
    count: int
    due: int
    late: int
    oldest: int


def tally(waiting: Iterable[tuple[Any, datetime]], now: datetime) -> list[Waiting]:
    """A line for each person of (person, when the visit was), whoever has the oldest first. It knows no patient."""
    found: dict[Any, list[datetime]] = {}
    for person, visit_at in waiting:
        found.setdefault(person, []).append(visit_at)
    lines = [_line(person, visits, now) for person, visits in found.items()]
    return sorted(lines, key=lambda line: (-line.oldest, -line.count, str(line.person)))


def _line(person: Any, visits: list[datetime], now: datetime) -> Waiting:
    ages = [age(visit_at, now) for visit_at in visits]
    due, over = ages.count(Age.DUE), ages.count(Age.LATE)
    return Waiting(person, len(visits), due + over, over, days(min(visits), now))
