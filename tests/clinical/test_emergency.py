"""How long a chart stays open, and how soon somebody looks at it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.clinical.emergency import Wait, minutes_left, wait

NOW = datetime(2026, 9, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "state"),
    [(0, Wait.DUE), (72, Wait.DUE), (72.1, Wait.LATE), (167, Wait.LATE), (168, Wait.OVERDUE), (9000, Wait.OVERDUE)],
)
def test_a_look_is_due_within_three_days_and_overdue_after_seven(hours, state):
    assert wait(NOW - timedelta(hours=hours), None, now=NOW) is state
    assert wait(NOW - timedelta(hours=hours), NOW, now=NOW) is Wait.DONE


@pytest.mark.parametrize(("seconds", "minutes"), [(3600, 60), (61, 1), (20, 1), (1, 1), (0, 0), (-5, 0)])
def test_the_time_left_is_said_in_whole_minutes(seconds, minutes):
    assert minutes_left(NOW + timedelta(seconds=seconds), now=NOW) == minutes
