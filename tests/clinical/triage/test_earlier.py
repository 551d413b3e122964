"""Warning signs in a part that is asked again, read together with what was said before."""

from __future__ import annotations

from datetime import date

from intake.clinical.triage import triage
from intake.clinical.triage.earlier import triage_over

TODAY = date(2026, 9, 15)
BLEEDS = {"rf_bleed": {"value": "heavy"}}


def rules(known, answers):
    return [flag.rule for flag in triage_over(known, answers, today=TODAY)]


def test_without_earlier_answers_the_rules_are_those_of_the_form():
    assert triage_over({}, BLEEDS, today=TODAY) == triage(BLEEDS, today=TODAY)


def test_what_was_raised_before_is_not_raised_again_by_something_else():
    assert rules(BLEEDS, {"alg_any": {"value": "no"}}) == []


def test_the_same_sign_said_again_is_raised_again():
    assert rules(BLEEDS, BLEEDS) == [flag.rule for flag in triage(BLEEDS, today=TODAY)]
    assert rules(BLEEDS, BLEEDS) != []


def test_new_and_earlier_answers_raise_a_sign_that_neither_raises_alone():
    fever, wound = {"rf_temp_taken": {"value": "taken"}}, {"rf_temp": {"value": {"number": "39.5", "unit": "Cel"}}}
    together = triage({**fever, **wound}, today=TODAY)
    assert triage_over(fever, wound, today=TODAY) == together
