"""Births: weeks since, the latest of several, tears, and counts that add up."""

from datetime import date

import pytest

from intake.clinical import obstetrics
from intake.clinical.obstetrics import (
    CHILD_WITHOUT_BIRTH,
    COUNTS,
    COUNTS_DIFFER,
    Birth,
    count_prompt,
    days_since,
    is_sphincter_injury,
    latest_birth,
    parity_mismatch,
    tear_label,
    weeks_since,
)
from intake.clinical.readability import grade
from intake.forms import reader

TODAY = date(2026, 11, 22)
EASY = 6.0  # Flesch-Kincaid grade


@pytest.mark.parametrize(
    ("birth", "days", "weeks"),
    [
        (date(2026, 11, 22), 0, 0),
        (date(2026, 11, 16), 6, 0),
        (date(2026, 11, 15), 7, 1),
        (date(2025, 11, 22), 365, 52),
        (date(2026, 11, 23), -1, -1),
    ],
)
def test_weeks_since_birth_are_completed_weeks(birth, days, weeks):
    assert days_since(birth, TODAY) == days
    assert weeks_since(birth, TODAY) == weeks


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-05-01", date(2026, 5, 1), date(2026, 5, 1)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_written_date_spans_the_days_it_can_mean(written, first, last):
    assert obstetrics.birth(written) == Birth(first, last)


@pytest.mark.parametrize("written", ["", "2026-13", "2026-02-30", "May 2026", "20260501", "2026-5", "0000"])
def test_what_cannot_be_read_as_a_date_is_no_birth(written):
    assert obstetrics.birth(written) is None


def test_the_latest_birth_is_found_in_any_order():
    whole = Birth(date(2026, 5, 1), date(2026, 5, 1))
    assert latest_birth(["2020", "2026-05-01", "2024-03"]) == whole
    assert latest_birth(["2026-05-01", "", "2024-03"]) == whole
    assert latest_birth([]) is None


def test_with_partial_dates_the_latest_birth_spans_what_is_possible():
    assert latest_birth(["2026", "2026-05-01"]) == Birth(date(2026, 5, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("counts", "pregnant"),
    [
        ((1, 1, 0, 0, 1), False),
        ((1, 1, 0, 0, 2), False),
        ((4, 1, 1, 1, 2), True),
        ((3, 1, 0, 2, 1), None),
        ((4, 1, 0, 2, 1), None),
        ((2, 1, 0, 1, 0), False),
        ((0, 0, 0, 0, 0), False),
    ],
)
def test_counts_that_add_up_are_left_alone(counts, pregnant):
    assert parity_mismatch(*counts, pregnant=pregnant) is None


@pytest.mark.parametrize(
    ("counts", "pregnant", "prompt"),
    [
        ((2, 1, 0, 0, 1), False, COUNTS_DIFFER),
        ((1, 1, 0, 0, 1), True, COUNTS_DIFFER),
        ((5, 1, 0, 2, 1), None, COUNTS_DIFFER),
        ((1, 1, 1, 0, 2), False, COUNTS_DIFFER),
        ((1, 0, 0, 1, 1), False, CHILD_WITHOUT_BIRTH),
    ],
)
def test_counts_that_cannot_all_be_right_ask_for_one_more_look(counts, pregnant, prompt):
    assert parity_mismatch(*counts, pregnant=pregnant) == prompt


@pytest.mark.parametrize("missing", range(4))
def test_a_count_that_was_not_given_is_never_nagged_about(missing):
    counts = [5, 1, 1, 1, 1]
    counts[missing] = None
    assert parity_mismatch(*counts, pregnant=False) is None


def test_the_prompts_are_gentle_to_read():
    assert max(grade(COUNTS_DIFFER), grade(CHILD_WITHOUT_BIRTH)) <= EASY


def test_every_tear_of_the_intake_has_a_label():
    births = next(each for each in reader.latest("intake").questions() if each.id == "ob_births")
    tear = next(question for question in births.questions if question.id == "birth_tear")
    assert tear.codes <= obstetrics.TEARS.keys()


def test_tears_from_3a_on_reach_the_sphincter():
    reached = [code for code in obstetrics.TEARS if is_sphincter_injury(code)]
    assert reached == ["third-a", "third-b", "third-c", "third-unsure", "fourth"]
    assert all("anal sphincter" in tear_label(code) for code in reached)
    assert tear_label("second").startswith("2nd degree")
    assert tear_label("unheard-of") == "unheard-of"


@pytest.mark.parametrize(
    ("given", "prompt"),
    [((2, 1, 0, 1, 1), None), ((3, 1, 0, 1, 1), COUNTS_DIFFER), ((1, 0, 0, 1, 1), CHILD_WITHOUT_BIRTH)],
)
def test_the_numbers_of_a_form_are_looked_at_together(given, prompt):
    answers = {name: {"value": {"number": str(number)}} for name, number in zip(COUNTS, given, strict=True)}
    assert count_prompt({**answers, "ob_preg_now": {"value": "no"}}) == prompt
    assert count_prompt({**answers, "ob_a": {"status": "declined"}}) is None
