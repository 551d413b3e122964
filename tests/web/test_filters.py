"""How moments, days and texts read in templates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from intake.web import filters

MOMENT = datetime(2026, 9, 16, 3, 5, tzinfo=UTC)


@pytest.fixture
def asked(app, make):
    """A request at the clinic in New York."""
    make.clinic()
    with app.test_request_context("/"):
        yield


def test_moments_read_in_the_clinic_s_time(asked):
    assert filters.moment(MOMENT).replace("\u202f", " ") == "Sep 15, 2026, 11:05 PM"
    assert filters.clock_time(MOMENT).replace("\u202f", " ") == "11:05 PM"
    assert filters.day(MOMENT) == "Sep 15, 2026"
    assert filters.day(date(2026, 9, 16)) == "Sep 16, 2026"


def test_nothing_reads_as_nothing(asked):
    assert (filters.moment(None), filters.clock_time(None), filters.day(None)) == ("", "", "")


def test_how_long_something_waits_is_said_roughly(asked):
    for ago, words in (
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=48), "2 days"),
    ):
        assert filters.waited(MOMENT, MOMENT + ago) == words


def test_what_lasted_and_what_is_kept_as_a_day_read_as_words(asked):
    assert filters.lasted(timedelta(minutes=9)) == "9 minutes"
    assert filters.lasted(None) == "\u2013"
    assert filters.kept_day("2026-11-26") == "Nov 26, 2026"
    assert filters.kept_month("2026-11-01") == "November 2026"
