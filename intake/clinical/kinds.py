"""Kinds of notes: which there are, which one a visit most likely wants, and when a progress report is due.

A kind is a form. Those of the clinic stand beside ours. Medicare wants a progress report at least every 10 treatment
days (Benefit Policy Manual, chapter 15, 220.3), which is a good measure for everybody; the day of the evaluation counts
as the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

EVALUATION, DAILY, RE_EVALUATION = "evaluation", "daily-note", "re-evaluation"
PROGRESS, DISCHARGE, CONTACT = "progress-report", "discharge", "contact-note"
AT_VISITS: Final = (DAILY, EVALUATION, RE_EVALUATION, PROGRESS, DISCHARGE)
OUTSIDE: Final = (CONTACT, DISCHARGE)  # what can be written without a visit: care may end because nobody came
BEGIN_A_PERIOD: Final = frozenset({EVALUATION, PROGRESS})
NO_TREATMENT: Final = frozenset({PROGRESS, DISCHARGE, CONTACT})
REPORT_EVERY: Final = 10  # treatment days


@dataclass(frozen=True, slots=True)
class Written:
    """A note of a patient: its form, and the day of its visit."""

    form: str
    day: date


def proposed(written: Sequence[Written], day: date) -> str:
    """The kind a visit of that day most likely wants, from the notes its patient has; those of later days count not."""
    before = sorted((note for note in written if note.day <= day and note.form != CONTACT), key=lambda note: note.day)
    episode = _since_discharge(before)
    if not episode:
        return EVALUATION
    return PROGRESS if is_report_due(episode, day) else DAILY


def is_report_due(written: Sequence[Written], day: date) -> bool:
    """Whether a treatment on that day is the tenth, or a later one, of a period without a report."""
    if any(note.form == PROGRESS and note.day == day for note in written):
        return False
    return len(treatment_days(written, day) | {day}) >= REPORT_EVERY


def treatment_days(written: Sequence[Written], day: date) -> frozenset[date]:
    """The days of treatment up to that day, from the evaluation on or after the last report."""
    begun = max((note for note in written if _begins(note, day)), key=_order, default=None)
    treated = {note.day for note in written if note.form not in NO_TREATMENT and note.day <= day}
    if begun is None:
        return frozenset(treated)
    is_report = begun.form == PROGRESS  # what was done on its own day belongs to what it reports on
    return frozenset(each for each in treated if each > begun.day or (each == begun.day and not is_report))


def _begins(note: Written, day: date) -> bool:
    return note.form in BEGIN_A_PERIOD and note.day <= day


def _order(note: Written) -> tuple[date, bool]:
    return note.day, note.form == PROGRESS


def _since_discharge(written: Sequence[Written]) -> list[Written]:
    """The notes of this episode of care: after a discharge a new one begins."""
    ended = max((note.day for note in written if note.form == DISCHARGE), default=None)
    return [note for note in written if ended is None or note.day > ended]
