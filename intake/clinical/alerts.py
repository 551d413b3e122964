"""Who is told next of a warning sign that nobody has taken on, and when. It never stops by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


def next_one(
    told: int, last: Person | None, first: Sequence[Person], admins: Sequence[Person], able: Collection[Person]
) -> Person | None:
    """Whom to tell when so many were told before, the last of them `last`; None only when there is nobody at all.

    `first` are the owner and who is on call in their order, whether they could act or not; `able` are those of them who
    could. Whoever comes behind the last one is next: a count alone would pass somebody over once another has left. Then
    it begins again at the owner, from here on with the administrators at the end, round after round.
    """
    here = [each for each in first if each in able]
    with_admins = not here or told > len(set(here))
    ring = list(dict.fromkeys([*first, *admins] if with_admins else first))
    after = ring.index(last) + 1 if last in ring else 0
    allowed = {*able, *admins} if with_admins else able
    return next((each for each in [*ring[after:], *ring[:after]] if each in allowed), None)
