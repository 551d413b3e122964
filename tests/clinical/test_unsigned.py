"""How pressing a note is, at its boundaries, and how many wait for whom."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from intake.clinical.unsigned import Age, age, days, tally
from tests.sizes import size

NOW = datetime(2026, 9, 15, 16, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (timedelta(hours=-3), Age.FRESH),
        (timedelta(0), Age.FRESH),
        (timedelta(hours=24), Age.FRESH),
        (timedelta(hours=24) + SECOND, Age.DUE),
        (timedelta(hours=48), Age.DUE),
        (timedelta(hours=48) + SECOND, Age.LATE),
        (timedelta(days=400), Age.LATE),
    ],
)
def test_a_note_is_due_after_a_day_and_late_after_two(since, expected):
    assert age(NOW - since, NOW) is expected


@pytest.mark.parametrize(("hours", "expected"), [(-5, 0), (0, 0), (23, 0), (24, 1), (47, 1), (48, 2), (240, 10)])
def test_days_are_whole_days_since_the_visit(hours, expected):
    assert days(NOW - timedelta(hours=hours), NOW) == expected


def test_whoever_has_the_oldest_note_comes_first():
    waiting = [("ada", NOW - timedelta(hours=30)), ("bea", NOW - timedelta(hours=60)), ("ada", NOW)]
    lines = tally(waiting, NOW)
    assert [(line.person, line.count, line.due, line.late, line.oldest) for line in lines] == [
        ("bea", 1, 1, 1, 2),
        ("ada", 2, 1, 0, 1),
    ]


def test_the_counts_are_those_of_a_plain_count():
    chance = random.Random(7)
    for _ in range(size(300, 5_000)):
        waiting = [(chance.choice("abc"), NOW - timedelta(minutes=chance.randrange(-600, 6000))) for _ in range(9)]
        for line in tally(waiting, NOW):
            minutes = [(NOW - at).total_seconds() / 60 for who, at in waiting if who == line.person]
            assert line.count == len(minutes)
            assert line.due == sum(1 for each in minutes if each > 24 * 60)
            assert line.late == sum(1 for each in minutes if each > 48 * 60)
            assert line.oldest == max(0, int(max(minutes) // (24 * 60)))
