"""Who is told next of a warning sign that nobody has taken on, and when. It never stops by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from intake.clinical import hours as working
from intake.clinical.hours import Hours
from intake.clinical.triage import Severity

Person = TypeVar("Person")
EMERGENCY_MINUTES, SAME_DAY_MINUTES = 15, 60  # until the next one is told, unless the clinic says otherwise
LONGEST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Times:
    """After how long somebody else is told: of an emergency round the clock, of the rest in working time."""

    hours: Hours
    emergency: timedelta = timedelta(minutes=EMERGENCY_MINUTES)
    same_day: timedelta = timedelta(minutes=SAME_DAY_MINUTES)

    def of(self, severity: str) -> tuple[Hours | None, timedelta] | None:
        """In which hours, and after how long; None for what is listed and never sent to anybody."""
        return {
            Severity.EMERGENCY.name: (None, self.emergency),
            Severity.SAME_DAY.name: (self.hours, self.same_day),
        }.get(severity)


def due(times: Times, severity: str, since: datetime) -> datetime | None:
    """When the next person is told of what was last told at `since`; None for never."""
    found = times.of(severity)
    return None if found is None else working.after(found[0], since, found[1])


def next_one(told: int, owner: Person | None, on_call: Iterable[Person], admins: Iterable[Person]) -> Person | None:
    """Whom to tell when so many were told before; None only when there is nobody at all.

    First the owner, then who is on call in their order. Then it begins again at the owner, from here on with the
    administrators at the end, round after round.
    """
    first = list(dict.fromkeys([*([] if owner is None else [owner]), *on_call]))
    later = list(dict.fromkeys([*first, *admins]))
    if told < len(first):
        return first[told]
    return later[(told - len(first)) % len(later)] if later else None
