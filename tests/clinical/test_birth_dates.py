"""Births whose dates cannot all be right: at each boundary, and with dates that are known to the month or year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from intake.clinical.birth_dates import APART, LONGEST_AGO, PROMPTS, STAFF, Dated, Misfit, Why, conceived, misfits
from intake.clinical.obstetrics import birth
from intake.clinical.readability import grade

TODAY, BORN, LEAPT = date(2026, 9, 15), date(1993, 4, 27), date(1992, 2, 29)
FIRST = date(2024, 3, 1)


def found(*written, weeks=None, **more):
    """What does not fit about births; `weeks` is how long the last of the listed ones was carried."""
    dated = [Dated(birth(str(each))) for each in written]
    dated[-1] = Dated(dated[-1].birth, weeks)
    return [(misfit.why, misfit.births) for misfit in misfits(dated, today=TODAY, **more)]


def days_later(days):
    return FIRST + timedelta(days=days)


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("2003-04-26", False),
        ("2003-04-27", True),
        ("2003-04", True),
        ("2003-03", False),
        ("2002", False),
        ("2003", True),
    ],
)
def test_a_birth_before_her_tenth_birthday_does_not_fit(written, fits):
    assert found(written, born=BORN) == ([] if fits else [(Why.TOO_YOUNG, (0,))])
    assert found(written) == [], "where her own birthday is not known nothing is said"


@pytest.mark.parametrize(("written", "fits"), [("2002-02-28", False), ("2002-03-01", True)])
def test_who_was_born_on_a_leap_day_is_ten_on_the_first_of_march(written, fits):
    assert (found(written, born=LEAPT) == []) is fits


@pytest.mark.parametrize(("days", "fits"), [(LONGEST_AGO, True), (LONGEST_AGO + 1, False)])
def test_nobody_gave_birth_more_than_fifty_years_ago(days, fits):
    assert found(TODAY - timedelta(days=days)) == ([] if fits else [(Why.LONG_AGO, (0,))])


@pytest.mark.parametrize(
    ("days", "fits"), [(0, True), (3, True), (4, False), (45, False), (APART - 1, False), (APART, True), (400, True)]
)
def test_two_dates_are_one_delivery_or_five_months_apart(days, fits):
    for both in ((FIRST, days_later(days)), (days_later(days), FIRST)):
        assert found(*both) == ([] if fits else [(Why.TOO_CLOSE, (0, 1))])


@pytest.mark.parametrize(
    ("later", "fits"),
    [("2024-03", True), ("2024-04", True), ("2024-05", False), ("2024-06", False), ("2024-07", True), ("2024", True)],
)
def test_a_month_counts_only_where_no_day_of_it_would_fit(later, fits):
    assert (found("2024-03-31" if later == "2024-04" else FIRST, later) == []) is fits


@pytest.mark.parametrize(("days", "fits"), [(40 * 7 - 14 - 1, False), (40 * 7 - 14, True)])
def test_between_two_births_lie_the_weeks_the_later_one_was_carried(days, fits):
    assert (found(FIRST, days_later(days), weeks=40) == []) is fits
    assert found(FIRST, days_later(days), weeks=22) == []


def test_of_three_births_those_are_named_that_do_not_fit():
    assert found("2019-05-02", FIRST, days_later(60)) == [(Why.TOO_CLOSE, (1, 2))]


def test_a_date_that_was_not_given_fits_everywhere():
    dated = [Dated(None), Dated(birth("2024-03-01"))]
    assert misfits(dated, today=TODAY, born=BORN, conceived=TODAY) == ()


@pytest.mark.parametrize(
    ("due", "weeks", "begun"),
    [
        (None, None, None),
        ("2026-12-01", None, date(2026, 3, 10)),
        ("2026-12", None, date(2026, 4, 9)),
        (None, 20, date(2026, 5, 12)),
        ("2026-12-01", 20, date(2026, 3, 10)),
    ],
)
def test_a_pregnancy_began_at_the_latest_two_weeks_into_its_weeks(due, weeks, begun):
    assert conceived(birth(due) if due else None, weeks, TODAY) == begun


@pytest.mark.parametrize(("written", "fits"), [("2026-05-12", True), ("2026-05-13", False), ("2026-05", True)])
def test_a_birth_within_the_present_pregnancy_does_not_fit(written, fits):
    assert (found(written, conceived=date(2026, 5, 12)) == []) is fits


def test_every_reason_has_plain_words_for_her_and_words_for_staff():
    for why in Why:
        assert PROMPTS[why].startswith("Please check: ")
        assert grade(PROMPTS[why]) <= 8
        assert "%(dates)s" in STAFF[why]
    assert Misfit(Why.LONG_AGO, (0,)).births == (0,)
