"""How long a record is kept."""

from __future__ import annotations

from datetime import date

import pytest

from intake.clinical.retention import keep_until


@pytest.mark.parametrize(
    ("last_visit", "born", "years", "until"),
    [
        (date(2026, 9, 15), date(1993, 4, 27), 10, date(2036, 9, 15)),
        (date(2026, 9, 15), None, 10, date(2036, 9, 15)),
        (date(2026, 9, 15), date(1993, 4, 27), 6, date(2032, 9, 15)),
        (date(2024, 2, 29), date(1993, 4, 27), 10, date(2034, 3, 1)),
        (date(2026, 9, 15), date(2010, 1, 2), 10, date(2038, 1, 2)),
    ],
    ids=["ten years", "birth date unknown", "six years", "leap day", "until ten years after eighteen"],
)
def test_a_record_is_kept_for_so_long(last_visit, born, years, until):
    assert keep_until(last_visit, born, years) == until
