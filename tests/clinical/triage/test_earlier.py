"""Warning signs in a part that is asked again, read together with what was said before."""

from __future__ import annotations

from datetime import date

import pytest

from intake.clinical.triage import triage
from intake.clinical.triage.earlier import triage_over
from intake.forms import reader
from intake.forms.excerpt import excerpt

TODAY = date(2026, 9, 15)
WHOLE = reader.latest("intake")
BLEEDS = {"rf_bleed": {"value": "heavy"}}
LEAKS = {"bl_leak_any": {"value": "yes"}, "bl_leak_when": {"value": ["constant"]}}
STAYS_FULL = {"bl_empty": {"value": ["not-empty"]}}
PASSED_OVER, DECLINED = {"status": "skipped"}, {"status": "declined"}


def rules(known, answers, section="warning-signs"):
    form = excerpt(WHOLE, section, known)
    return [flag.rule for flag in triage_over(form, known, answers, today=TODAY)]


def test_without_earlier_answers_the_rules_are_those_of_the_form():
    assert triage_over(WHOLE, {}, BLEEDS, today=TODAY) == triage(BLEEDS, today=TODAY)


def test_what_was_raised_before_is_not_raised_again_by_something_else():
    assert rules(BLEEDS, {"alg_any": {"value": "no"}}) == []


def test_the_same_sign_said_again_is_raised_again():
    assert rules(BLEEDS, BLEEDS) == [flag.rule for flag in triage(BLEEDS, today=TODAY)]
    assert rules(BLEEDS, BLEEDS) != []


def test_new_and_earlier_answers_raise_a_sign_that_neither_raises_alone():
    fever, wound = {"rf_temp_taken": {"value": "taken"}}, {"rf_temp": {"value": {"number": "39.5", "unit": "Cel"}}}
    together = triage({**fever, **wound}, today=TODAY)
    assert triage_over(excerpt(WHOLE, "warning-signs", fever), fever, wound, today=TODAY) == together


@pytest.mark.parametrize(
    "now", [{}, {"bl_leak_any": PASSED_OVER}, {"bl_leak_any": {"value": "yes"}, "bl_leak_when": PASSED_OVER}]
)
def test_passing_a_question_of_the_part_over_never_takes_back_what_was_said(now):
    assert "E8" in rules(LEAKS, {**now, **STAYS_FULL}, "bladder")


@pytest.mark.parametrize(
    "now",
    [{"bl_leak_when": {"value": ["dribble"]}}, {"bl_leak_when": DECLINED}, {"bl_leak_any": {"value": "no"}}],
)
def test_what_is_said_anew_takes_the_place_of_what_was_said_with_all_that_it_hides(now):
    assert "E8" not in rules(LEAKS, {"bl_leak_any": {"value": "yes"}, **now, **STAYS_FULL}, "bladder")


def test_a_sign_that_stands_from_before_is_not_raised_again_by_passing_its_questions_over():
    said = {**LEAKS, **STAYS_FULL}
    assert "E8" in [flag.rule for flag in triage(said, today=TODAY)]
    assert rules(said, dict.fromkeys(said, PASSED_OVER), "bladder") == []
