"""Which kind of note a visit most likely wants, and when a progress report is due."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from intake.clinical import kinds
from intake.clinical.kinds import (
    AT_VISITS,
    CONTACT,
    DAILY,
    DISCHARGE,
    EVALUATION,
    PROGRESS,
    RE_EVALUATION,
    Written,
    proposed,
)
from intake.forms import reader
from intake.security.policy import ASSISTANTS_WRITE
from tests.sizes import size

START = date(2026, 3, 2)
ALL = {*AT_VISITS, *kinds.OUTSIDE}


def day(number):
    return START + timedelta(weeks=number - 1)


def weekly(*forms):
    return [Written(form, day(number)) for number, form in enumerate(forms, 1)]


@pytest.mark.parametrize("kind", sorted(ALL))
def test_every_kind_is_a_form_for_clinicians(kind):
    assert reader.latest(kind).audience == "clinician"


def test_the_first_note_is_an_evaluation_and_later_ones_are_daily():
    assert proposed([], day(1)) == EVALUATION
    assert proposed(weekly(EVALUATION), day(1)) == DAILY
    assert proposed(weekly(EVALUATION), day(2)) == DAILY


def test_a_telephone_call_before_the_first_visit_is_no_evaluation():
    assert proposed(weekly(CONTACT), day(2)) == EVALUATION


def test_after_a_discharge_an_episode_begins_anew():
    assert proposed(weekly(EVALUATION, DAILY, DISCHARGE), day(4)) == EVALUATION
    assert proposed(weekly(EVALUATION, DAILY, DISCHARGE, EVALUATION), day(5)) == DAILY


def test_a_visit_that_is_documented_later_goes_by_what_was_there_on_its_day():
    assert proposed(weekly(EVALUATION, DAILY, DAILY), day(1) - timedelta(days=7)) == EVALUATION


@pytest.mark.parametrize(("number", "kind"), [(9, DAILY), (10, PROGRESS), (11, PROGRESS)])
def test_a_report_is_due_on_the_tenth_treatment_day_with_that_of_the_evaluation(number, kind):
    assert proposed(weekly(EVALUATION, *[DAILY] * (number - 2)), day(number)) == kind


@pytest.mark.parametrize(("number", "kind"), [(9, DAILY), (10, PROGRESS)])
def test_after_a_report_ten_days_are_counted_again(number, kind):
    first = [*weekly(EVALUATION, *[DAILY] * 9), Written(PROGRESS, day(10))]
    later = [Written(DAILY, day(10 + each)) for each in range(1, number)]
    assert proposed([*first, *later], day(10 + number)) == kind


def test_once_the_report_is_written_the_same_visit_wants_its_daily_note():
    assert proposed([*weekly(EVALUATION, *[DAILY] * 8), Written(PROGRESS, day(10))], day(10)) == DAILY


def test_a_re_evaluation_is_no_progress_report():
    forms = [EVALUATION, *[DAILY] * 4, RE_EVALUATION, *[DAILY] * 3]
    assert proposed(weekly(*forms), day(10)) == PROGRESS


def test_two_notes_of_a_day_are_one_treatment_day_and_a_call_is_none():
    notes = [*weekly(EVALUATION, *[DAILY] * 7), *weekly(DAILY, DAILY), Written(CONTACT, day(8) + timedelta(days=1))]
    assert proposed(notes, day(9)) == DAILY


def brute_force(written, on):
    """The same once more: walk the calendar from the first day on, counting."""
    episode, count = False, 0
    for number in range((on - START).days + 1):
        today = START + timedelta(days=number)
        forms = [note.form for note in written if note.day == today and note.form != CONTACT]
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
    chance = random.Random(20261123)
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


def test_what_assistants_may_write_are_kinds():
    assert ALL > ASSISTANTS_WRITE
