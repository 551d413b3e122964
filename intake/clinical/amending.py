"""A patient's wish to have her record changed: until when it is answered, and whether there is more time.

45 CFR 164.526(b)(2): within 60 days after it was received, and once 30 more when she is told in writing, within the
first 60, why and until when. The day itself still counts.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

DAYS: Final = timedelta(days=60)
MORE: Final = timedelta(days=30)
SOON: Final = timedelta(days=14)  # a choice of this product: time enough to ask the author


def due_on(received_on: date, *, extended: bool = False) -> date:
    """The last day on which a wish can be answered in time."""
    return received_on + DAYS + (MORE if extended else timedelta(0))


def is_overdue(received_on: date, today: date, *, extended: bool = False) -> bool:
    """Whether that day is over."""
    return today > due_on(received_on, extended=extended)


def is_soon(received_on: date, today: date, *, extended: bool = False) -> bool:
    """Whether it is near, or over."""
    return today >= due_on(received_on, extended=extended) - SOON


def may_extend(received_on: date, today: date, *, extended: bool = False) -> bool:
    """Whether there can be more time: once, and while the first 60 days last."""
    return not extended and not is_overdue(received_on, today)
