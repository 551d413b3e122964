"""Opening a chart in an emergency: for which reasons, for how long, and how soon somebody looks at it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from intake.forms.problems import N_

MINUTES = 60
REVIEW_WITHIN, OVERDUE_AFTER = timedelta(hours=72), timedelta(days=7)
REASONS = (
    ("acute", N_("The patient is unwell now and needs care")),
    ("called", N_("The patient or a hospital called and needs an answer today")),
    ("cover", N_("I stand in for a colleague who cannot be reached")),
    ("warning", N_("A warning sign has to be acted on")),
    ("other", N_("Something else")),
)
OUTCOMES = (("seen", N_("Seen, nothing more to do")), ("follow-up", N_("To follow up")))
ERASED = "erased"  # the outcome where the record was erased before anybody looked; nobody chooses it


class Wait(StrEnum):
    """How a review stands."""

    DONE = "done"
    DUE = "due"
    LATE = "late"
    OVERDUE = "overdue"


def wait(opened_at: datetime, reviewed_at: datetime | None, *, now: datetime) -> Wait:
    """Due for 72 hours, late until the seventh day, overdue from then on."""
    if reviewed_at is not None:
        return Wait.DONE
    if now - opened_at >= OVERDUE_AFTER:
        return Wait.OVERDUE
    return Wait.LATE if now - opened_at > REVIEW_WITHIN else Wait.DUE


def minutes_left(expires_at: datetime, *, now: datetime) -> int:
    """Whole minutes that are left, at least one while there is any time."""
    left = (expires_at - now).total_seconds()
    return max(1, round(left / 60)) if left > 0 else 0
