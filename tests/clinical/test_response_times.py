"""How soon entries were acted on: counts and medians, and nothing about a few."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from intake.clinical.alerts import Times
from intake.clinical.hours import Hours
from intake.clinical.response_times import FEWEST, Entry, report

ZONE = ZoneInfo("America/New_York")
TIMES = Times(Hours(ZONE))
START = datetime(2026, 9, 15, 10, 0, tzinfo=ZONE)
NOW = START + timedelta(days=200)
SEVERITIES = ("EMERGENCY", "SAME_DAY", "DISCUSS")


def entries(count, severity="SAME_DAY", seen=5, taken=10, closed=30, opened=START):
    later = [None if each is None else opened + timedelta(minutes=each) for each in (seen, taken, closed)]
    return [Entry(object(), severity, opened, *later) for _each in range(count)]


def made(*groups, now=NOW):
    return report([each for group in groups for each in group], TIMES, severities=SEVERITIES, zone=ZONE, now=now)


def test_counts_medians_and_the_share_that_was_taken_on_in_time():
    found = made(entries(5), entries(4, seen=20, taken=90, closed=100), entries(1, seen=None, taken=None, closed=None))
    line = found.total
    assert (line.count, line.seen, line.acknowledged) == (10, timedelta(minutes=5), timedelta(minutes=10))
    assert line.closed == timedelta(minutes=30)
    assert line.in_time == 0.5


def test_an_entry_for_which_there_is_time_left_is_neither_in_time_nor_late():
    found = made(entries(5), entries(5, seen=None, taken=None, closed=None), now=START + timedelta(minutes=20))
    assert found.total.in_time == 1.0


def test_what_has_no_time_has_no_share():
    assert made(entries(6, "DISCUSS")).total.in_time is None


@pytest.mark.parametrize("count", range(1, FEWEST))
def test_fewer_than_five_say_nothing(count):
    found = made(entries(count))
    lines = [found.total, *found.by_severity, *found.by_month]
    assert [line.count for line in lines if line.name in {"", "SAME_DAY", "2026-09"}] == [None] * 3
    assert all(line.seen is None and line.in_time is None for line in lines)


def test_where_one_group_is_too_small_another_is_left_out_so_that_the_total_does_not_tell():
    found = made(entries(3, "EMERGENCY"), entries(6, "SAME_DAY"), entries(9, "DISCUSS"))
    assert found.total.count == 18
    assert [line.count for line in found.by_severity] == [None, None, 9]


def test_groups_that_are_large_enough_all_show():
    found = made(entries(5, "EMERGENCY"), entries(6, "SAME_DAY"))
    assert [line.count for line in found.by_severity] == [5, 6, 0]


def test_a_median_of_the_few_that_came_so_far_is_not_told():
    found = made(entries(4), entries(6, seen=None, taken=None, closed=None))
    assert (found.total.count, found.total.seen) == (10, None)


def test_months_are_those_of_the_clinic_s_clock_in_order():
    first = datetime(2026, 10, 31, 23, 30, tzinfo=ZONE)  # November in Greenwich
    found = made(entries(5, opened=first + timedelta(hours=1)), entries(5, opened=first))
    assert [line.name for line in found.by_month] == ["2026-10", "2026-11"]


def test_nothing_at_all_is_said_as_nothing():
    found = made()
    assert (found.total.count, found.total.seen, list(found.by_month)) == (0, None, [])


OCTOBER = START + timedelta(days=20)


def test_a_month_more_or_less_never_tells_of_a_few():
    """What two reports differ by is a month with enough entries, or nothing."""
    september, october = entries(9), entries(2, "EMERGENCY", opened=OCTOBER)
    assert made(september, october).total.count == made(september).total.count == 9
    assert [line.count for line in made(september, october).by_month] == [9, None]


def test_a_severity_that_is_rare_in_a_month_counts_in_no_line_of_severities():
    mixed = entries(6, "EMERGENCY"), entries(6), entries(9, opened=OCTOBER), entries(2, "EMERGENCY", opened=OCTOBER)
    found = made(*mixed)
    assert found.total.count == 23
    assert [line.count for line in found.by_severity] == [6, 6, 0], "October's are left out with its two emergencies"
