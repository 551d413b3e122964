"""Warning signs in a part that is asked again, read together with what was said before."""

from __future__ import annotations

from datetime import date
from itertools import combinations, product

import pytest

from intake.clinical.triage import earlier as looked_over
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


# ---------------------------------------------------------------- a bulge that does not go back (S7), with every answer

BULGE, PUSH, TROUBLE = "pop_bulge", "pop_must_push", "pop_trouble"
LEFT_OPEN = (None, PASSED_OVER)  # not reached, and passed over
IN_PERSON = {"status": "in-person"}


def options(question, *, several=False):
    """Every answer a question offers by itself, and two that can be ticked together where several can."""
    codes = [option.code for option in WHOLE.by_id[question].options]
    if not several:
        return [{"value": code} for code in codes]
    pairs = combinations([each.code for each in WHOLE.by_id[question].options if not each.exclusive], 2)
    return [{"value": [code]} for code in codes] + [{"value": list(pair)} for pair in pairs]


def answered(**said):
    return {name: answer for name, answer in said.items() if answer is not None}


def newest(known, now):
    """Her newest word on each question: told apart from how the rules find it."""
    said = {**known, **{name: answer for name, answer in now.items() if answer != PASSED_OVER}}
    if said.get(BULGE, {}).get("value") in {None, "never"}:  # then the page about the bulge is not asked
        said = {name: answer for name, answer in said.items() if name not in {PUSH, TROUBLE}}
    return said


def raises(answers):
    return "S7" in [flag.rule for flag in triage(answers, today=TODAY)]


def told(known, now, section):
    """Whether its entry stands: from before, or raised by what is said now."""
    return raises(known) or "S7" in rules(known, now, section)


def expect_nothing_lost(known, now, section):
    assert not raises(newest(known, now)) or told(known, now, section), f"{known} and then {now}"


@pytest.mark.parametrize("pushed", [None, *options(PUSH), IN_PERSON])
def test_whatever_is_said_of_the_bulge_again_no_part_of_the_sign_is_lost(pushed):
    again = product(
        [*LEFT_OPEN, *options(BULGE), IN_PERSON],
        [*LEFT_OPEN, *options(PUSH), IN_PERSON],
        [*LEFT_OPEN, *options(TROUBLE, several=True)],
    )
    nows = [answered(pop_bulge=bulge, pop_must_push=push, pop_trouble=trouble) for bulge, push, trouble in again]
    for trouble in [None, *options(TROUBLE)]:
        known = answered(pop_bulge={"value": "sometimes"}, pop_must_push=pushed, pop_trouble=trouble)
        for now in nows:
            expect_nothing_lost(known, now, "prolapse")


@pytest.mark.parametrize(("question", "several"), [("rf_bleed", False), ("rf_legs", True), ("bl_empty", True)])
def test_nor_by_what_is_said_of_bleeding_or_of_the_bladder_in_its_own_part(question, several):
    section = WHOLE.section_of[question].id
    stood = answered(pop_bulge={"value": "always"}, pop_must_push={"value": "cannot"}, pop_trouble={"value": ["none"]})
    every = options(question, several=several)
    for earlier in [None, *every]:
        known = {**stood, **answered(**{question: earlier})}
        for now in [*LEFT_OPEN, *every]:
            expect_nothing_lost(known, answered(**{question: now}), section)


def test_a_rule_that_loses_what_was_passed_over_is_noticed(monkeypatch):
    def forgetful(_form, known, now):
        return {name: said for name, said in known.items() if name not in now}

    monkeypatch.setattr(looked_over, "_lasting", forgetful)
    known = answered(pop_bulge={"value": "always"}, pop_must_push={"value": "cannot"}, pop_trouble={"value": ["none"]})
    with pytest.raises(AssertionError):
        expect_nothing_lost(known, answered(pop_must_push=PASSED_OVER, pop_trouble={"value": ["pain"]}), "prolapse")
