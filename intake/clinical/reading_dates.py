"""The day a blood pressure was taken, where it can hardly be right. A reason to ask, never one to hold anybody up.

It is looked at as it was on the day she said it, so that no date grows odd with the years.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from intake.clinical.obstetrics import days_since
from intake.forms.problems import N_

# A choice of this product: a slip of a whole year lies beyond it, whatever the day.
LONGEST_AGO: Final = 50 * 7  # days
# What she is asked; she can go on without a word.
PROMPT: Final = N_("Please check: the date of your blood pressure is about a year ago, or longer.")
# What staff read; {dates} is the day.
STAFF: Final = N_("%(dates)s: the last blood pressure, about a year before it was told, or longer.")


def is_long_ago(taken: date, *, said: date) -> bool:
    """Whether the day of her last reading can hardly be right; `said` is the day she told it."""
    return days_since(taken, said) > LONGEST_AGO
