"""The clock of a patient's wish to have her record changed, right at its boundaries."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from intake.clinical import amending
from tests.sizes import size

RECEIVED = date(2026, 1, 15)
LAST, LAST_EXTENDED = date(2026, 3, 16), date(2026, 4, 15)
DAY = timedelta(days=1)


def test_sixty_days_and_thirty_more():
    assert amending.due_on(RECEIVED) == LAST
    assert amending.due_on(RECEIVED, extended=True) == LAST_EXTENDED


@pytest.mark.parametrize(
    ("today", "extended", "overdue"),
    [
        (RECEIVED, False, False),
        (LAST, False, False),
        (LAST + DAY, False, True),
        (LAST + DAY, True, False),
        (LAST_EXTENDED, True, False),
        (LAST_EXTENDED + DAY, True, True),
    ],
)
def test_it_is_in_time_on_the_last_day_and_overdue_on_the_next(today, extended, overdue):
    assert amending.is_overdue(RECEIVED, today, extended=extended) == overdue


@pytest.mark.parametrize(
    ("today", "extended", "may"), [(LAST, False, True), (LAST + DAY, False, False), (RECEIVED, True, False)]
)
def test_more_time_is_taken_once_and_within_the_first_sixty_days(today, extended, may):
    assert amending.may_extend(RECEIVED, today, extended=extended) == may


@pytest.mark.parametrize(("before", "soon"), [(15, False), (14, True), (0, True), (-1, True)])
def test_it_is_soon_two_weeks_before(before, soon):
    assert amending.is_soon(RECEIVED, LAST - before * DAY) == soon


def test_it_agrees_with_counting_the_days_one_by_one():
    chance = random.Random(164526)
    for _round in range(size(1_000, 20_000)):
        received = date(2020, 1, 1) + timedelta(days=chance.randrange(4000))
        today, extended = received + timedelta(days=chance.randrange(120)), chance.random() < 0.5
        days = sum(1 for number in range(received.toordinal(), today.toordinal()) if number >= received.toordinal())
        assert amending.is_overdue(received, today, extended=extended) == (days > (90 if extended else 60))
