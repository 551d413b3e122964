"""Doses: what may be prescribed, and how it reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.library.model import CAUTIONS, DOSE_BOUNDS, DOSE_LABELS, Dose, dose_problems, dose_words

USUAL = Dose(sets=3, reps=8, hold_s=5, rest_s=5, freq_day=2, days_week=6, duration_wk=12)


def test_a_usual_dose_can_be_prescribed():
    assert dose_problems(USUAL) == ()


def test_pain_up_to_3_of_10_is_the_limit_unless_the_therapist_says_otherwise():
    assert USUAL.pain_limit_nprs == 3


@pytest.mark.parametrize("name", DOSE_BOUNDS)
def test_both_ends_of_each_range_can_be_prescribed(name):
    low, high = DOSE_BOUNDS[name]
    still = replace(USUAL, hold_s=0, rest_s=60)
    assert dose_problems(replace(still, **{name: low})) == ()
    assert dose_problems(replace(still, **{name: high})) == ()


@pytest.mark.parametrize("name", DOSE_BOUNDS)
def test_one_past_either_end_is_refused_by_name(name):
    low, high = DOSE_BOUNDS[name]
    refusal = f"{DOSE_LABELS[name]}: choose {low} to {high}."
    assert refusal in dose_problems(replace(USUAL, **{name: low - 1}))
    assert refusal in dose_problems(replace(USUAL, **{name: high + 1}))


def test_a_rest_shorter_than_the_hold_is_refused():
    assert dose_problems(replace(USUAL, hold_s=6)) == ("Rest (seconds): rest at least as long as the hold (6).",)


def test_every_reason_is_given_at_once():
    assert len(dose_problems(replace(USUAL, sets=0, reps=31, rest_s=1))) == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "3 sets of 8, hold 5 seconds, rest 5 seconds, 2 times a day, 6 days a week"),
        ({"hold_s": 0, "rest_s": 0}, "3 sets of 8, 2 times a day, 6 days a week"),
        ({"hold_s": 0}, "3 sets of 8, rest 5 seconds, 2 times a day, 6 days a week"),
        (
            {"sets": 1, "hold_s": 1, "rest_s": 1},
            "1 set of 8, hold 1 second, rest 1 second, 2 times a day, 6 days a week",
        ),
        ({"sets": 1, "reps": 1}, "1 time, hold 5 seconds, 2 times a day, 6 days a week"),
        ({"sets": 1, "reps": 1, "hold_s": 0, "freq_day": 1}, "once a day, 6 days a week"),
        ({"hold_s": 0, "rest_s": 0, "freq_day": 1, "days_week": 7}, "3 sets of 8, once a day, every day"),
        ({"hold_s": 0, "rest_s": 0, "days_week": 1}, "3 sets of 8, 2 times a day, 1 day a week"),
    ],
)
def test_a_dose_reads_as_plain_english(changes, words):
    assert dose_words(replace(USUAL, **changes)) == words


def test_a_dose_cannot_be_changed_in_place():
    with pytest.raises(AttributeError):
        USUAL.sets = 1


def test_every_range_has_a_label_a_therapist_knows():
    assert DOSE_LABELS.keys() == DOSE_BOUNDS.keys()


def test_a_wound_an_infection_and_the_early_weeks_can_be_named_as_cautions():
    assert {"open-wound", "infection", "under-6-weeks", "pregnant", "overactive-floor"} <= CAUTIONS.keys()
