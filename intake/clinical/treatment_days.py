"""When the next progress report is due: at least once in ten treatment days.

Medicare Benefit Policy Manual, chapter 15, section 220.3. The day of the evaluation is the first treatment day of an
episode, and the day after a report begins the next ten. A re-evaluation is no progress report, a phone call no
treatment day, and another evaluation begins another episode.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

EVERY: Final = 10  # treatment days
EVALUATION, REPORT, DISCHARGE, CONTACT = "evaluation", "progress-report", "discharge", "contact-note"
NO_TREATMENT: Final = frozenset({REPORT, DISCHARGE, CONTACT})


@dataclass(frozen=True, slots=True)
class Count:
    """How many treatment days there were since the last report, and the day of the tenth, once it was."""

    days: int
    tenth: date | None

    @property
    def left(self) -> int:
        """How many treatment days may still pass, the one with the report included; below 0 it is late."""
        return EVERY - self.days

    def is_due(self) -> bool:
        """Whether the report belongs to the last treatment day, or to the next one."""
        return self.days >= EVERY - 1

    def is_overdue(self, today: date) -> bool:
        """Whether the tenth day is over, and no report was written."""
        return self.tenth is not None and self.tenth < today


def count(days: Collection[date], reports: Collection[date]) -> Count:
    """The treatment days since the last report, of one episode of care; two notes of a day are one day."""
    last = max(reports, default=None)
    since = sorted(day for day in set(days) if last is None or day > last)
    return Count(len(since), since[EVERY - 1] if len(since) >= EVERY else None)


def of_notes(noted: Iterable[tuple[str, date]]) -> Count | None:
    """The count of the episode that is on, from (form, day of the visit) of all notes; None when there is none."""
    told = list(noted)
    ended = max((day for form, day in told if form == DISCHARGE), default=date.min)
    begun = max((day for form, day in told if form == EVALUATION and day > ended), default=date.min)
    mine = [(form, day) for form, day in told if day > ended and day >= begun]
    days = [day for form, day in mine if form not in NO_TREATMENT]
    return count(days, [day for form, day in mine if form == REPORT]) if days else None
