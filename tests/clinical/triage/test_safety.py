"""Safety at home: what is found, and that nothing of it can be seen where others look."""

import re
from string import Formatter

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from intake.clinical.readability import WORD, grade, sentences
from intake.clinical.triage import Severity, message, reads, safety, triage
from intake.clinical.triage.flags import Flag
from intake.clinical.triage.messages import messages
from intake.clinical.triage.rules import RULES
from tests.clinical.triage.cases import TODAY, birth, given

SAFE = {
    **dict.fromkeys((*safety.HARM, "ipv_child_risk"), "no"),
    "sx_pressure": "always",
    "contra_control": "yes",
    "ipv_now_safe": "yes",
}
RAISED = [
    ("E9", "ipv_now_safe", "no"),
    *(("S11", question, "yes") for question in safety.HARM),
    *(("S11", "sx_pressure", code) for code in ("mostly", "sometimes", "never")),
    ("S11", "contra_control", "no"),
    ("S12", "ipv_child_risk", "yes"),
]
CODES = {
    **dict.fromkeys((*safety.HARM, "ipv_child_risk", "contra_control", "ipv_now_safe"), ("yes", "no")),
    "sx_pressure": ("always", "mostly", "sometimes", "never"),
    "ipv_want": ("talk", "numbers", "nothing"),
    "rf_unsafe_now": ("yes", "no"),
}
OTHERS = (
    {"rf_heart": ["rf_chest"]},
    {"rf_harm_self": "thoughts", "sx_marinoff": "2"},
    {"rf_legs": ["rf_calf"], "ob_births": birth(30)},
    {},
)


def rules_raised(**values):
    return [flag.rule for flag in safety.safety_flags(given(**values))]


def test_all_is_safe():
    assert safety.safety_flags(given(**SAFE)) == ()
    assert safety.not_answered(given(**SAFE)) == ()


@pytest.mark.parametrize(("rule", "question", "code"), RAISED)
def test_each_answer_alone_raises_its_rule_and_only_that(rule, question, code):
    level = Severity.EMERGENCY if rule == "E9" else Severity.SAME_DAY
    assert safety.safety_flags(given(**{**SAFE, question: code})) == (Flag(rule, level, (question,)),)
    assert rules_raised(**{question: code}) == [rule]


def test_who_is_not_safe_to_go_home_keeps_what_else_was_told_below_it():
    assert rules_raised(ipv_hurt="yes", ipv_now_safe="no", ipv_child_risk="yes") == ["E9", "S11", "S12"]


def test_harm_is_told_also_when_going_home_was_not_answered():
    assert rules_raised(ipv_hurt="yes") == ["S11"]


@pytest.mark.parametrize("status", ["declined", "in-person", "skipped"])
def test_what_was_not_answered_raises_nothing_and_is_never_safe(status):
    left = {question: {"status": status} for question in CODES}
    assert safety.safety_flags(left) == ()
    assert set(safety.not_answered(left)) == safety.reads().keys()


def answers_about_safety():
    return st.fixed_dictionaries({}, optional={question: st.sampled_from(codes) for question, codes in CODES.items()})


@for_any(answers_about_safety(), st.sampled_from(OTHERS))
def test_the_ordinary_flags_are_the_same_with_and_without_answers_about_safety(told, others):
    without, together = given(**others), given(**others, **told)
    assert triage(together, today=TODAY) == triage(without, today=TODAY)


@for_any(answers_about_safety(), answers_about_safety())
def test_one_more_answer_of_harm_takes_no_flag_away(told, more):
    worse = told | {question: code for question, code in more.items() if question not in told}
    assert set(rules_raised(**told)) <= set(rules_raised(**worse))


def test_the_ordinary_rules_read_none_of_these_questions_and_have_none_of_these_names():
    assert reads().keys().isdisjoint(CODES)
    about_safety = {rule.id for rule in safety.SAFETY_RULES}
    assert about_safety.isdisjoint({rule.id for rule in RULES} | messages().keys())
    with pytest.raises(KeyError):
        message("S11")


def test_every_rule_has_words_for_staff_and_none_for_the_patient():
    rules = safety.words().rules
    assert rules.keys() == {rule.id for rule in safety.SAFETY_RULES}
    for said in rules.values():
        assert all(text.strip() for text in (said.when, said.staff, said.source))
        assert not hasattr(said, "patient")


def test_everybody_reads_the_same_short_and_easy_words():
    text = safety.words().patient
    assert grade(text) <= 6
    assert max(len(WORD.findall(sentence)) for sentence in sentences(text)) <= 15
    assert {name for _, name, _, _ in Formatter().parse(text) if name} <= safety.PLACEHOLDERS
    shown = text.format(**dict.fromkeys(safety.PLACEHOLDERS, "…"))
    assert not re.search(r"\d|violen|abus|your answer|you told", shown, re.IGNORECASE)
