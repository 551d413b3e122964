"""The worked examples of the clinical reference, one by one."""

import pytest

from intake.clinical.triage import Severity, reads, safety, triage, unanswered
from intake.forms import reader
from intake.forms.model import Kind
from tests.clinical.triage.cases import TODAY, birth, flags_raised, given, mmhg, number, rules_raised, scores, total

HARMLESS = {"none", "light", "period", "no", "taken", "not-taken-fine"}
MONTH_5, MONTH_8, WEEK_5 = birth(150), birth(240), birth(35)
WARNING_SIGNS = 24
STATUSES = ("declined", "in-person", "skipped")


def test_1_a_temperature_of_100_4_fahrenheit_is_a_fever():
    assert rules_raised({"rf_temp": number("100.4", "[degF]")}) == ["S4"]
    assert rules_raised({"rf_temp": number("38.0", "Cel")}) == ["S4"]


def test_2_a_temperature_of_100_3_fahrenheit_raises_nothing():
    assert rules_raised({"rf_temp": number("100.3", "[degF]")}) == []


def test_3_a_pressure_of_160_over_88_is_an_emergency():
    assert rules_raised({"mh_bp_sys": mmhg("160"), "mh_bp_dia": mmhg("88")}) == ["E3"]


def test_4_a_pressure_of_138_over_90_is_a_call_today():
    assert rules_raised({"mh_bp_sys": mmhg("138"), "mh_bp_dia": mmhg("90")}) == ["S2"]


def test_5_a_thought_of_self_harm_is_a_call_today_although_the_total_is_low():
    low = scores("epds", 0, 0, 1, 1, 0, 1, 0, 1, 0, 1)
    assert sum(low["epds"].values()) == 5
    assert rules_raised({"measures": low}) == ["S1"]


def test_6_the_breath_comes_before_the_leg_and_both_are_shown():
    assert rules_raised({"rf_legs": ["rf_calf"], "rf_heart": ["rf_breath"]}) == ["E2", "S9"]


def test_7_a_pad_an_hour_is_an_emergency_at_month_5():
    assert rules_raised({"rf_bleed": "heavy", "ob_births": MONTH_5})[0] == "E1"


def test_8_item_9_left_out_raises_nothing_shows_as_not_answered_and_leaves_no_total():
    answers = given(rf_harm_self="no", rf_harm_baby="no", rf_unreal="no")
    left_out = scores("phq-9", 0, 0, 3, 3, 3, 3, 3, 3)
    assert rules_raised({"measures": left_out}) == []
    assert unanswered(answers, left_out) == ("phq-9.9",)
    assert unanswered(answers, scores("epds", 0, 0, 0)) == ("epds.10",)
    assert unanswered(answers, total("phq-9", 0)) == ()


def test_9_the_intake_asks_nothing_about_safety_at_home_so_no_answer_can_come_from_it():
    every = [each for question in reader.latest("intake").questions() for each in (question, *question.questions)]
    asked = {question.id for question in every}
    assert asked.isdisjoint(safety.reads())
    assert reads().keys().isdisjoint(safety.reads())
    assert safety.safety_flags({question: {"status": "skipped"} for question in safety.reads()}) == ()


def test_10_fainting_alone_is_a_call_today():
    assert rules_raised({"rf_heart": ["rf_faint"]}) == ["S14"]


def test_11_a_bad_headache_alone_is_a_call_today_at_month_8_and_an_emergency_at_week_5():
    assert rules_raised({"rf_head": ["rf_headache"], "ob_births": MONTH_8}) == ["S14"]
    assert rules_raised({"rf_head": ["rf_headache"], "ob_births": WEEK_5})[0] == "E3"


@pytest.mark.parametrize("history", [{"md_hx": "yes-me"}, {"mh_conditions": ["bipolar"]}])
def test_12_a_racing_mind_is_a_call_today_and_with_bipolar_disorder_an_emergency(history):
    assert rules_raised({"md_psychosis": ["racing-mind"]}) == ["S1b"]
    assert rules_raised({"md_psychosis": ["racing-mind"], **history}) == ["E6", "S1b"]


def _first_check():
    for question in reader.latest("intake").questions():
        if question.id.startswith("rf_"):
            codes = {option.code for option in question.options} - HARMLESS
            codes |= {"yes"} if question.kind is Kind.YES_NO else set()
            yield from ((question.id, [code] if question.kind is Kind.CHOICES else code) for code in sorted(codes))
    yield "rf_temp", number("38.0", "Cel")
    yield "rf_other", "My skin looks gray"


FIRST_CHECK = tuple(_first_check())


@pytest.mark.parametrize(("question", "answer"), FIRST_CHECK)
def test_13_each_warning_sign_alone_means_care_today_at_least(question, answer):
    for born in (birth(0), WEEK_5, MONTH_8, birth(800), birth()):
        assert flags_raised({question: answer, "ob_births": born})[0].severity >= Severity.SAME_DAY


@pytest.mark.parametrize("status", STATUSES)
def test_14_leaving_every_sensitive_question_raises_nothing_and_is_never_no_concern(status):
    left = {question: {"status": status} for question in ("rf_harm_self", "rf_harm_baby", "rf_unreal")}
    assert triage(left, today=TODAY) == ()
    assert unanswered(left) == ("rf_harm_self", "rf_harm_baby", "rf_unreal")
    assert safety.not_answered({"ipv_now_safe": {"status": status}}) == tuple(safety.reads())
    assert safety.safety_flags({"ipv_now_safe": {"status": status}}) == ()


def test_every_warning_sign_of_the_first_check_is_among_the_examples():
    assert len(FIRST_CHECK) >= WARNING_SIGNS
