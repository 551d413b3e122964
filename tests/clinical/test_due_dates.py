"""Due dates that cannot be: at each boundary, and with dates that are known to the month or year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from intake.clinical.due_dates import AHEAD, OVERDUE, PROMPTS, STAFF, Why, by_weeks, misfit
from intake.clinical.obstetrics import Birth, birth
from intake.clinical.readability import grade

TODAY = date(2026, 9, 15)


def found(due, weeks=None):
    counted = None if weeks is None else by_weeks(weeks, TODAY)
    return misfit(birth(str(due)), said=TODAY, counted=counted)


@pytest.mark.parametrize(
    ("days", "why"),
    [(-OVERDUE - 1, Why.OVER), (-OVERDUE, None), (0, None), (AHEAD, None), (AHEAD + 1, Why.AHEAD)],
)
def test_a_due_date_is_at_most_three_weeks_over_and_ten_months_ahead(days, why):
    assert found(TODAY + timedelta(days=days)) == why


@pytest.mark.parametrize(
    ("due", "why"),
    [("1995-03-01", Why.OVER), ("2026-08", None), ("2026-07", Why.OVER), ("2025", Why.OVER), ("2027-08", Why.AHEAD)],
)
def test_a_month_or_a_year_counts_only_where_no_day_of_it_would_fit(due, why):
    assert found(due) == why


def test_weeks_are_completed_ones():
    assert by_weeks(40, TODAY) == Birth(TODAY - timedelta(days=6), TODAY)


@pytest.mark.parametrize(("days", "fits"), [(-28, False), (-27, True), (0, True), (21, True), (22, False)])
def test_the_weeks_may_differ_from_the_due_date_by_three(days, fits):
    due = TODAY + timedelta(days=140 + days)
    assert found(due, 20) == (None if fits else Why.WEEKS)


def test_a_month_that_can_fit_the_weeks_fits():
    assert found("2027-02", 20) is None
    assert found("2027-04", 20) is Why.WEEKS


def test_every_reason_has_plain_words_for_her_and_words_for_staff():
    for why in Why:
        assert PROMPTS[why].startswith("Please check: ")
        assert grade(PROMPTS[why]) <= 8
        assert "%(dates)s" in STAFF[why]
