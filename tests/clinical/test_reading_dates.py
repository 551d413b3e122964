"""The day a blood pressure was taken: at its boundary."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from intake.clinical.readability import grade
from intake.clinical.reading_dates import LONGEST_AGO, PROMPT, STAFF, is_long_ago

TODAY = date(2026, 9, 15)


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(("days", "fits"), [(0, True), (LONGEST_AGO, True), (LONGEST_AGO + 1, False), (36525, False)])
def test_a_reading_of_about_a_year_ago_does_not_fit(days, fits):
    assert is_long_ago(ago(days), said=TODAY) is not fits


@pytest.mark.parametrize("days", range(15))
def test_a_slip_of_a_whole_year_is_always_beyond_the_limit(days):
    assert is_long_ago(ago(days).replace(year=2025), said=TODAY)


def test_she_is_asked_in_plain_words_and_staff_are_told():
    assert PROMPT.startswith("Please check: ")
    assert grade(PROMPT) <= 8
    assert "%(dates)s" in STAFF
