"""When the clinic works: how much working time lies between two moments, and when so much of it has passed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Opening = tuple[time, time]
USUAL: tuple[Opening | None, ...] = (*((time(8), time(17)),) * 5, None, None)  # Monday to Friday
FARTHEST = 400  # days that are looked through: a clinic that is closed for longer than a year counts as always open


@dataclass(frozen=True, slots=True)
class Hours:
    """The clinic's week from Monday on, a pair of times or None a day, and the days on which it is closed."""

    zone: ZoneInfo
    week: Sequence[Opening | None] = USUAL
    closed: Collection[date] = frozenset()

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """From when to when the clinic works on a day, in UTC; None when it does not.

        The hours are those of the clock on the wall: on the day it is put forward or back a span can be shorter or
        longer than usual, and one that falls into the hour that is left out is none.
        """
        opening = None if day in self.closed else self.week[day.weekday()]
        if opening is None:
            return None
        start, end = (datetime.combine(day, at, self.zone).astimezone(UTC) for at in opening)
        return (start, end) if start < end else None


def spans(hours: Hours, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working time from a moment on, span by span, for a little more than a year."""
    first = since.astimezone(hours.zone).date()
    for number in range(-1, FARTHEST):  # a zone east of UTC may be in a span that began the day before
        span = hours.on(first + timedelta(days=number))
        if span is not None and span[1] > since:
            yield max(span[0], since), span[1]


def after(hours: Hours | None, since: datetime, passed: timedelta) -> datetime:
    """The moment when so much working time has passed since another; without hours the clock goes round.

    Hours that never come count as always open: what waits must not wait for ever.
    """
    left = passed
    for start, end in spans(hours, since) if hours is not None else ():
        if end - start >= left:
            return start.astimezone(UTC) + left
        left -= end - start
    return since.astimezone(UTC) + passed


def between(hours: Hours | None, since: datetime, until: datetime) -> timedelta:
    """How much working time lies between two moments; without hours all of it."""
    if hours is None:
        return max(until - since, timedelta(0))
    total = timedelta(0)
    for start, end in spans(hours, since):
        if start >= until:
            break
        total += min(end, until) - start
    return total
