"""Kinds of notes: which there are, and what each is; `treatment_days` counts them. A kind is a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

EVALUATION, DAILY, RE_EVALUATION = "evaluation", "daily-note", "re-evaluation"
PROGRESS, DISCHARGE, CONTACT = "progress-report", "discharge", "contact-note"
AT_VISITS: Final = (DAILY, EVALUATION, RE_EVALUATION, PROGRESS, DISCHARGE)
OUTSIDE: Final = (CONTACT, DISCHARGE)  # what can be written without a visit: care may end because nobody came
NO_TREATMENT: Final = frozenset({PROGRESS, DISCHARGE, CONTACT})


@dataclass(frozen=True, slots=True)
class Written:
    """A note of a patient: its kind, the day of its visit, and whether it is more than a draft."""

    kind: str
    day: date
    is_signed: bool = True
