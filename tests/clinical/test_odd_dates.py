"""What is odd about her dates, as she said them on the day she said them."""

from __future__ import annotations

from datetime import date

import pytest

from intake.clinical.odd_dates import ASKED, for_staff, odd_dates

TODAY, BORN = date(2026, 9, 15), date(1993, 4, 27)
WEEKS = {"number": "20", "unit": "wk"}


def given(**values):
    return {question: {"value": value} for question, value in values.items()}


def marked(answers, at):
    return {question: {**answer, "at": f"{at}T10:00:00+00:00"} for question, answer in answers.items()}


def found(answers, today=TODAY):
    return [(odd.dates, sorted(odd.asked)) for odd in odd_dates(answers, today, BORN)]


PREGNANT = given(ob_preg_now="yes", ob_preg_due="2027-03-01", ob_preg_weeks=WEEKS)
READING = given(mh_bp_date="2025-09-14")


def test_each_kind_of_date_is_named_with_the_questions_it_hangs_on():
    births = given(ob_births=[given(birth_date="2000-05-01")])
    assert found({**births, **PREGNANT, **READING}) == [
        ("May 1, 2000", ["ob_births", "ob_preg_due", "ob_preg_weeks"]),
        ("March 1, 2027", ["ob_preg_due", "ob_preg_weeks"]),
        ("September 14, 2025", ["mh_bp_date"]),
    ]
    assert all(set(names) <= ASKED for _dates, names in found({**births, **PREGNANT, **READING}))


def test_dates_that_fit_are_not_remarked_on():
    fine = given(ob_births=[given(birth_date="2026-08-01")], mh_bp_date="2026-08-20")
    assert found({**fine, **given(ob_preg_due="2027-01-30", ob_preg_weeks=WEEKS)}) == []
    assert found({}) == []


def test_a_reading_from_before_a_birth_is_none_to_remark_on():
    """The last one may well have been taken in labor."""
    before = given(ob_births=[given(birth_date="2026-09-01")], mh_bp_date="2026-08-20")
    assert found(before) == []


@pytest.mark.parametrize("today", [date(2026, 9, 15), date(2027, 6, 1), date(2031, 9, 15)])
def test_no_date_grows_odd_by_being_read_later(today):
    fine = given(ob_preg_now="yes", ob_preg_due="2027-01-30", ob_preg_weeks=WEEKS, mh_bp_date="2026-08-20")
    assert found(marked(fine, "2026-09-15"), today) == []
    assert [dates for dates, _names in found(marked({**PREGNANT, **READING}, "2026-09-15"), today)] == [
        "March 1, 2027", "September 14, 2025",
    ]  # fmt: skip


def test_the_date_is_put_into_the_words_for_staff():
    ((words, dates),) = for_staff(given(ob_preg_due="1995-03-01"), TODAY)
    assert words % {"dates": dates} == "March 1, 1995: a due date that was over for more than 3 weeks."
