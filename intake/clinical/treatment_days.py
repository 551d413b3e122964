"""When the next progress report is due: at least once in ten treatment days. And so, which note a visit wants.

Medicare Benefit Policy Manual, chapter 15, section 220.3, which is a good measure for everybody. The day of the
evaluation is the first treatment day of an episode, and the day after a report begins the next ten. A re-evaluation is
no progress report, a phone call no treatment day, and another evaluation begins another episode.

A visit was a treatment day before its note is signed. But a report, a discharge or another evaluation that is only
begun settles nothing: whoever opened one by mistake would never hear of the report again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from intake.clinical.kinds import CONTACT, DAILY, DISCHARGE, EVALUATION, NO_TREATMENT, PROGRESS, Written

EVERY: Final = 10  # treatment days
SETTLES: Final = frozenset({PROGRESS, DISCHARGE})  # once it is signed


@dataclass(frozen=True, slots=True)
class Count:
    """How many treatment days there were since the last report, and the day of the tenth, once it was.

    `begun` are the kinds of what would settle it and is not signed; `has_report` tells whether there was one at all.
    """

    days: int
    tenth: date | None
    begun: frozenset[str] = frozenset()
    has_report: bool = False

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
    return Count(len(since), since[EVERY - 1] if len(since) >= EVERY else None, has_report=last is not None)


def of_notes(written: Iterable[Written]) -> Count | None:
    """The count of the episode that is on, from all notes; None when there is none."""
    mine = _of_episode(written)
    days = [note.day for note in mine if note.kind not in NO_TREATMENT]
    reports = [note.day for note in mine if note.kind == PROGRESS and note.is_signed]
    told = max(reports, default=date.min)
    drafts = {note.kind for note in mine if note.kind in SETTLES and not note.is_signed and note.day > told}
    return replace(count(days, reports), begun=frozenset(drafts)) if days else None


def begins(written: Iterable[Written]) -> date:
    """The first day of the episode that is on: the one after the last note of the episode before.

    What a patient fills in at home before her evaluation belongs to the care that begins with it. date.min for the
    first episode.
    """
    told = [note for note in written if note.kind != CONTACT]
    first = min((note.day for note in _of_episode(told)), default=date.max)
    last = max((note.day for note in told if note.day < first), default=None)
    return date.min if last is None else last + timedelta(days=1)


def proposed(written: Sequence[Written], day: date) -> str:
    """The kind a visit of that day most likely wants, from the notes its patient has; those of later days count not."""
    episode = _since_discharge(note for note in written if note.day <= day)
    if not episode:
        return EVALUATION
    treated = of_notes([*episode, Written(DAILY, day)])
    is_told = any(note.kind == PROGRESS and note.day == day for note in episode)
    return PROGRESS if treated is not None and treated.days >= EVERY and not is_told else DAILY


def _of_episode(written: Iterable[Written]) -> list[Written]:
    """The notes of the episode that is on: of those since a discharge, all from the last evaluation on."""
    episode = _since_discharge(written)
    since = max((note.day for note in episode if note.kind == EVALUATION and note.is_signed), default=date.min)
    return [note for note in episode if note.day >= since]


def _since_discharge(written: Iterable[Written]) -> list[Written]:
    """The notes of this episode of care but for what is no visit: after a discharge a new one begins."""
    told = [note for note in written if note.kind != CONTACT]
    ended = max((note.day for note in told if note.kind == DISCHARGE and note.is_signed), default=date.min)
    return [note for note in told if note.day > ended]
