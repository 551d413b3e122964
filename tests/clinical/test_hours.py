"""Working time across nights, weekends, holidays and the days on which the clock is put forward or back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.clinical.hours import USUAL, Hours, after, between

NEW_YORK = ZoneInfo("America/New_York")
USUAL_HOURS = Hours(NEW_YORK)
HOUR = timedelta(hours=1)
THANKSGIVING = date(2026, 11, 26)


def at(text, zone=NEW_YORK):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("since", "hours", "expected"),
    [
        ("2026-09-15 10:00", 1, "2026-09-15 11:00"),  # a Tuesday
        ("2026-09-15 16:00", 1, "2026-09-15 17:00"),  # to the last minute
        ("2026-09-15 16:30", 1, "2026-09-16 08:30"),  # over the night
        ("2026-09-15 17:00", 1, "2026-09-16 09:00"),  # as it closes
        ("2026-09-15 03:00", 1, "2026-09-15 09:00"),  # before it opens
        ("2026-09-18 16:30", 1, "2026-09-21 08:30"),  # over the weekend
        ("2026-09-19 12:00", 1, "2026-09-21 09:00"),  # on a Saturday
        ("2026-09-15 08:00", 18, "2026-09-16 17:00"),  # two whole days
        ("2026-11-25 16:30", 1, "2026-11-27 08:30"),  # over a holiday
    ],
)
def test_working_time_passes_while_the_clinic_works(since, hours, expected):
    kept = Hours(NEW_YORK, closed=frozenset({THANKSGIVING}))
    assert after(kept, at(since), hours * HOUR) == at(expected)
    assert between(kept, at(since), at(expected)) == hours * HOUR


def test_without_hours_the_clock_goes_round():
    assert after(None, at("2026-09-19 02:00"), HOUR / 4) == at("2026-09-19 02:15")
    assert between(None, at("2026-09-19 02:00"), at("2026-09-20 02:00")) == 24 * HOUR
    assert between(None, at("2026-09-20 02:00"), at("2026-09-19 02:00")) == timedelta(0)


NIGHTS = ((time(0), time(8)),) * 7


@pytest.mark.parametrize(("day", "worked"), [("2026-03-08", 7), ("2026-11-01", 9), ("2026-11-02", 8)])
def test_a_night_on_which_the_clock_changes_is_as_long_as_it_is(day, worked):
    hours = Hours(NEW_YORK, NIGHTS)
    assert between(hours, at(f"{day} 00:00"), at(f"{day} 12:00")) == worked * HOUR
    assert after(hours, at(f"{day} 00:00"), worked * HOUR) == at(f"{day} 08:00")


def test_hours_within_the_hour_that_is_left_out_are_none_and_stop_nothing():
    hours = Hours(NEW_YORK, ((time(2, 10), time(2, 50)),) * 7)
    assert hours.on(date(2026, 3, 8)) is None or hours.on(date(2026, 3, 8))[0] < hours.on(date(2026, 3, 8))[1]
    assert after(hours, at("2026-03-07 12:00"), HOUR) > at("2026-03-08 00:00")


@pytest.mark.parametrize(
    "hours",
    [
        Hours(NEW_YORK, (None,) * 7),
        Hours(NEW_YORK, closed=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(900))),
    ],
)
def test_a_clinic_that_never_works_counts_as_always_open(hours):
    assert after(hours, at("2026-09-15 10:00"), HOUR) == at("2026-09-15 11:00")


def test_a_clinic_far_from_greenwich_works_on_its_own_days():
    auckland = ZoneInfo("Pacific/Auckland")
    hours = Hours(auckland)
    monday = datetime(2026, 9, 14, 9, 0, tzinfo=auckland)
    assert monday.astimezone(UTC).date() == date(2026, 9, 13)  # a Sunday in Greenwich
    assert after(hours, monday.astimezone(UTC), HOUR) == monday + HOUR


MOMENTS = st.integers(0, 730 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
SPANS = st.integers(1, 12 * 60).map(lambda minutes: timedelta(minutes=minutes))
WEEKS = st.lists(
    st.sampled_from([None, (time(8), time(17)), (time(0), time(3)), (time(1, 30), time(2, 30))]), min_size=7, max_size=7
)
CLOSED = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20)


@given(MOMENTS, SPANS, SPANS, WEEKS, CLOSED, st.sampled_from(["America/New_York", "Europe/Berlin", "Pacific/Apia"]))
def test_whatever_the_hours_time_goes_forward_and_what_was_waited_is_what_was_asked(
    since, first, second, week, closed, zone
):
    hours = Hours(ZoneInfo(zone), tuple(week), closed)
    there = after(hours, since, first)
    assert there >= since + first or not any(week)
    assert after(hours, since, first + second) > there
    if any(week):
        assert between(hours, since, there) == first
        assert after(hours, there, second) == after(hours, since, first + second)


def test_the_usual_week_is_monday_to_friday():
    assert [day is not None for day in USUAL] == [True] * 5 + [False] * 2
    assert USUAL_HOURS.on(date(2026, 9, 15)) == (at("2026-09-15 08:00"), at("2026-09-15 17:00"))
