"""What has to be so before a paper form is typed in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from intake.clinical.handwritten import OLDEST, reason_not_to_date

TODAY = date(2026, 9, 15)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (TODAY, None), (TODAY - OLDEST, None), (TODAY + timedelta(days=1), "still to come"),
        (TODAY - OLDEST - timedelta(days=1), "more than a year"), (date(1026, 9, 15), "more than a year"),
    ],
)  # fmt: skip
def test_a_paper_form_is_of_a_day_that_was_and_not_too_long_ago(day, reason):
    found = reason_not_to_date(day, TODAY)
    assert found is None if reason is None else reason in found
