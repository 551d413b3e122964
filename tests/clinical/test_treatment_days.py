"""The progress report is due in ten treatment days: the ninth, the tenth, and the day after."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from intake.clinical.treatment_days import count, of_notes
from tests.sizes import size

START = date(2026, 3, 2)


def weekly(number):
    return [START + timedelta(weeks=each) for each in range(number)]


@pytest.mark.parametrize(
    ("days", "left", "due"), [(0, 10, False), (1, 9, False), (8, 2, False), (9, 1, True), (10, 0, True), (11, -1, True)]
)
def test_the_evaluation_is_the_first_day_and_the_tenth_has_the_report(days, left, due):
    found = count(weekly(days), [])
    assert (found.left, found.is_due()) == (left, due)


def test_the_tenth_day_is_in_time_and_the_day_after_is_not():
    found = count(weekly(10), [])
    assert found.tenth == weekly(10)[-1]
    assert not found.is_overdue(found.tenth)
    assert found.is_overdue(found.tenth + timedelta(days=1))
    assert not count(weekly(9), []).is_overdue(date.max)


def test_a_report_begins_the_next_ten():
    days = weekly(14)
    assert count(days, [days[9]]).days == 4
    assert count(days, [days[3], days[9]]).days == 4
    assert count(days[:10], [days[9]]).left == 10


def test_two_notes_of_a_day_are_one_day():
    assert count(weekly(5) * 2, []).days == 5


def test_the_count_agrees_with_walking_through_the_days():
    random = Random(10)
    for _turn in range(size(5_000, 100_000)):
        days = [START + timedelta(days=random.randrange(60)) for _each in range(random.randrange(30))]
        reports = random.sample(days, random.randrange(min(3, len(days)) + 1)) if days else []
        seen, tenth = set(), None
        for number in range(60):
            today = START + timedelta(days=number)
            if today in days:
                seen.add(today)
                tenth = today if len(seen) == 10 else tenth
            if today in reports:
                seen, tenth = set(), None
        found = count(days, reports)
        assert (found.days, found.tenth) == (len(seen), tenth)


def noted(*forms):
    return list(zip(forms, weekly(len(forms)), strict=True))


def test_what_is_no_treatment_is_not_counted():
    assert of_notes(noted("evaluation", "contact-note", "daily-note")).days == 2
    assert of_notes(noted("contact-note")) is None
    assert of_notes([]) is None


def test_a_re_evaluation_is_no_progress_report():
    assert of_notes(noted("evaluation", "daily-note", "re-evaluation", "daily-note")).days == 4
    assert of_notes(noted("evaluation", "daily-note", "progress-report", "daily-note")).days == 1


def test_another_evaluation_begins_another_episode():
    assert of_notes(noted("evaluation", "daily-note", "daily-note", "evaluation", "daily-note")).days == 2


def test_a_report_by_itself_is_no_treatment_day():
    assert of_notes(noted("evaluation", "progress-report")).days == 0


def test_after_a_discharge_nothing_is_counted_until_care_begins_again():
    assert of_notes(noted("evaluation", "discharge")) is None
    assert of_notes(noted("evaluation", "discharge", "evaluation", "daily-note")).days == 2
