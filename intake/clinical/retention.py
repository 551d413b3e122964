"""How long a record is kept before it may be erased.

Ten years after the last visit covers what most states and payers ask for (California: seven after discharge; federal
false-claims practice: ten). A child's record is kept as long after the eighteenth birthday. A clinic can keep longer.
"""

from __future__ import annotations

from datetime import date

USUAL_YEARS = 10
SHORTEST_YEARS = 6  # what HIPAA asks for its own papers (45 CFR 164.530(j))
OF_AGE = 18


def keep_until(last_visit: date, born: date | None, years: int) -> date:
    """The first day on which the record may be erased."""
    after_visit = _years_on(last_visit, years)
    return after_visit if born is None else max(after_visit, _years_on(born, OF_AGE + years))


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # February 29
        return day.replace(year=day.year + years, month=3, day=1)
