"""The progress report is due in ten treatment days: the ninth, the tenth, the day after; and what a visit wants."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from intake.clinical.kinds import AT_VISITS, CONTACT, DAILY, DISCHARGE, EVALUATION, PROGRESS, RE_EVALUATION, Written
from intake.clinical.treatment_days import Count, begins, count, of_notes, proposed
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


def noted(*kinds):
    return [Written(kind, day) for kind, day in zip(kinds, weekly(len(kinds)), strict=True)]


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


@pytest.mark.parametrize("kind", [PROGRESS, DISCHARGE])
def test_what_is_begun_and_not_signed_ends_no_count_and_is_told(kind):
    written = [*noted(EVALUATION, *[DAILY] * 9), Written(kind, day(10), is_signed=False)]
    found = of_notes(written)
    assert (found.days, found.tenth, found.begun) == (10, day(10), {kind})
    assert of_notes([*written, Written(kind, day(10))]) in (None, Count(0, None, has_report=True))


def test_a_draft_from_before_the_last_report_or_discharge_is_not_told():
    drafts = [Written(PROGRESS, day(2), is_signed=False), Written(DISCHARGE, day(2), is_signed=False)]
    for kind in (PROGRESS, DISCHARGE):
        found = of_notes([*noted(EVALUATION, DAILY, kind, EVALUATION, DAILY), *drafts])
        assert (found.days, found.begun) == (2, frozenset())


def test_an_evaluation_begins_an_episode_once_it_is_signed():
    written = noted(EVALUATION, *[DAILY] * 9)
    assert of_notes([*written, Written(EVALUATION, day(11), is_signed=False)]).days == 11
    assert of_notes([*written, Written(EVALUATION, day(11))]).days == 1


def test_the_notes_of_a_visit_are_treatment_before_they_are_signed():
    assert of_notes([Written(each.kind, each.day, is_signed=False) for each in noted(EVALUATION, DAILY)]).days == 2
    assert proposed([Written(EVALUATION, day(1), is_signed=False)], day(2)) == DAILY


def test_a_visit_wants_its_report_though_one_was_begun_at_another():
    begun = Written(PROGRESS, day(10), is_signed=False)
    assert proposed([*noted(EVALUATION, *[DAILY] * 9), begun], day(11)) == PROGRESS
    assert proposed([*noted(EVALUATION, *[DAILY] * 8), begun], day(10)) == DAILY
    assert proposed([*noted(EVALUATION, DAILY), Written(DISCHARGE, day(3), is_signed=False)], day(4)) == DAILY


@pytest.mark.parametrize(
    ("kinds", "last"),
    [
        ((EVALUATION, DAILY, DISCHARGE), 3),
        ((EVALUATION, DAILY, DISCHARGE, CONTACT, EVALUATION, DAILY), 3),
        ((EVALUATION, DAILY, DISCHARGE, DAILY), 3),
        ((EVALUATION, DAILY, EVALUATION, DAILY), 2),
    ],
)
def test_an_episode_begins_the_day_after_the_one_before_ended(kinds, last):
    assert begins(noted(*kinds)) == day(last) + timedelta(days=1)


@pytest.mark.parametrize("kinds", [(), (CONTACT,), (EVALUATION,), (CONTACT, EVALUATION, DAILY, RE_EVALUATION)])
def test_the_first_episode_takes_in_all_that_was_before(kinds):
    assert begins(noted(*kinds)) == date.min
    draft = Written(DISCHARGE, day(9), is_signed=False)
    assert begins([*noted(*kinds), draft]) == date.min


def day(number):
    return START + timedelta(weeks=number - 1)


def test_the_first_note_is_an_evaluation_and_later_ones_are_daily():
    assert proposed([], day(1)) == EVALUATION
    assert proposed(noted(EVALUATION), day(1)) == DAILY
    assert proposed(noted(EVALUATION), day(2)) == DAILY


def test_a_telephone_call_before_the_first_visit_is_no_evaluation():
    assert proposed(noted(CONTACT), day(2)) == EVALUATION


def test_after_a_discharge_an_episode_begins_anew():
    assert proposed(noted(EVALUATION, DAILY, DISCHARGE), day(4)) == EVALUATION
    assert proposed(noted(EVALUATION, DAILY, DISCHARGE, EVALUATION), day(5)) == DAILY


def test_a_visit_that_is_documented_later_goes_by_what_was_there_on_its_day():
    assert proposed(noted(EVALUATION, DAILY, DAILY), day(1) - timedelta(days=7)) == EVALUATION


@pytest.mark.parametrize(("number", "kind"), [(9, DAILY), (10, PROGRESS), (11, PROGRESS)])
def test_a_report_is_due_on_the_tenth_treatment_day_with_that_of_the_evaluation(number, kind):
    assert proposed(noted(EVALUATION, *[DAILY] * (number - 2)), day(number)) == kind


@pytest.mark.parametrize(("number", "kind"), [(9, DAILY), (10, PROGRESS)])
def test_after_a_report_ten_days_are_counted_again(number, kind):
    first = [*noted(EVALUATION, *[DAILY] * 9), Written(PROGRESS, day(10))]
    later = [Written(DAILY, day(10 + each)) for each in range(1, number)]
    assert proposed([*first, *later], day(10 + number)) == kind


def test_once_the_report_is_written_the_same_visit_wants_its_daily_note():
    assert proposed([*noted(EVALUATION, *[DAILY] * 8), Written(PROGRESS, day(10))], day(10)) == DAILY


def test_the_tenth_day_wants_its_report_after_a_re_evaluation_too():
    forms = [EVALUATION, *[DAILY] * 4, RE_EVALUATION, *[DAILY] * 3]
    assert proposed(noted(*forms), day(10)) == PROGRESS


def test_two_notes_of_a_day_are_one_treatment_day_and_a_call_is_none():
    notes = [*noted(EVALUATION, *[DAILY] * 7), *noted(DAILY, DAILY), Written(CONTACT, day(8) + timedelta(days=1))]
    assert proposed(notes, day(9)) == DAILY


def brute_force(written, on):
    """The same once more: walk the calendar from the first day on, counting."""
    episode, count = False, 0
    for number in range((on - START).days + 1):
        today = START + timedelta(days=number)
        forms = [note.kind for note in written if note.day == today and note.kind != CONTACT]
        if DISCHARGE in forms:
            episode, count = False, 0
            continue
        episode = episode or bool(forms)
        if EVALUATION in forms:
            count = 0
        if today == on:
            break
        if PROGRESS in forms:
            count = 0
        elif set(forms) - {PROGRESS}:
            count += 1
    if not episode:
        return EVALUATION
    return PROGRESS if count + 1 >= 10 and PROGRESS not in forms else DAILY


def test_it_agrees_with_a_walk_through_the_calendar():
    chance = Random(20261123)
    seen = set()
    for _round in range(size(2_000, 20_000)):
        weights = [14, 1, 1, 1, 1]
        days = [START + timedelta(days=chance.randrange(24)) for _ in range(chance.randrange(30))]
        notes = [Written(chance.choices([*AT_VISITS[:4], CONTACT], weights)[0], each) for each in days]
        notes += [Written(DISCHARGE, START + timedelta(days=chance.randrange(24)))] * (chance.random() < 0.1)
        on = START + timedelta(days=chance.randrange(26))
        assert proposed(notes, on) == brute_force(notes, on), (notes, on)
        seen.add(proposed(notes, on))
    assert seen == {EVALUATION, DAILY, PROGRESS}
