"""A due date that cannot be, against the day she said it and the weeks of the same pregnancy. A reason to ask, no more.

A date that is known to the month or the year counts only where no day it can mean would fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from intake.clinical.birth_dates import PREGNANCY
from intake.clinical.obstetrics import DAYS_IN_WEEK, Birth
from intake.forms.problems import N_

# Choices of this product: what is beyond them is a slip of the pen, whatever else it may be.
OVERDUE: Final = 3 * DAYS_IN_WEEK  # days a pregnancy lasts beyond its due date
AHEAD: Final = PREGNANCY.days + 3 * DAYS_IN_WEEK  # days a due date lies ahead
APART: Final = 3 * DAYS_IN_WEEK  # days the weeks she counts may differ from those of the due date


class Why(StrEnum):
    """Why a due date does not fit."""

    OVER = "due-over"
    AHEAD = "due-ahead"
    WEEKS = "due-weeks"


# What she is asked; she can go on without a word.
PROMPTS: Final[Mapping[Why, str]] = {
    Why.OVER: N_("Please check: the due date has been over for more than 3 weeks."),
    Why.AHEAD: N_("Please check: the due date is more than 10 months ahead."),
    Why.WEEKS: N_("Please check: the due date and the weeks do not fit each other."),
}
# What staff read; {dates} is the due date.
STAFF: Final[Mapping[Why, str]] = {
    Why.OVER: N_("%(dates)s: a due date that was over for more than 3 weeks."),
    Why.AHEAD: N_("%(dates)s: a due date more than 10 months ahead."),
    Why.WEEKS: N_("%(dates)s: the due date, which does not fit the weeks of the pregnancy."),
}


def by_weeks(weeks: int, on: date) -> Birth:
    """The days a pregnancy of so many completed weeks on a day can be due."""
    last = on + PREGNANCY - timedelta(weeks=weeks)
    return Birth(last - timedelta(days=DAYS_IN_WEEK - 1), last)


def misfit(due: Birth, *, said: date, counted: Birth | None = None) -> Why | None:
    """Why a due date that was `said` on a day cannot be right; None when it can.

    `counted` is when it is due by the weeks she counts.
    """
    if (said - due.last).days > OVERDUE:
        return Why.OVER
    if (due.first - said).days > AHEAD:
        return Why.AHEAD
    return Why.WEEKS if counted is not None and _gap(due, counted) > APART else None


def _gap(one: Birth, other: Birth) -> int:
    return max((one.first - other.last).days, (other.first - one.last).days)
