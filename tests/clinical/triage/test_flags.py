"""How flags stand together: order, reasons, silence about what was not answered, and never a lowered one."""

from datetime import date, timedelta

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from intake.clinical.triage import Flag, Severity, triage, unanswered

TODAY = date(2026, 11, 22)
STATUSES = ("declined", "in-person", "skipped")
LISTS = {
    "rf_heart": ("rf_chest", "rf_breath", "rf_faint", "rf_seizure"),
    "rf_head": ("rf_headache", "rf_vision", "rf_swell_face_hands", "rf_stroke"),
    "rf_belly": ("rf_ruq", "rf_vomit", "rf_discharge", "rf_wound"),
    "rf_legs": ("rf_calf", "rf_saddle", "rf_leg_weak", "rf_bowel_new", "rf_pee_none"),
    "bl_uti_signs": ("burning", "blood", "smelly", "flank", "fever"),
    "pn_neuro": ("saddle", "both-legs", "one-leg-weak", "one-leg-numb"),
    "pn_map": ("low-back",),
    "feed_problem": ("red-hot",),
    "bl_empty": ("cannot-pass",),
    "bl_leak_when": ("constant",),
    "bo_pain_bleed": ("dark", "heavy"),
    "mh_infection_now": ("vaginal", "sti"),
}
SINGLES = {
    "rf_bleed": ("heavy",),
    "rf_temp_taken": ("not-taken-hot",),
    "rf_temp": ({"number": "39.0", "unit": "Cel"},),
    "rf_tired_extreme": ("yes",),
    "rf_harm_self": ("thoughts", "plan"),
    "rf_harm_baby": ("unwanted", "might-act"),
    "rf_unreal": ("yes",),
    "rf_other": ("My skin looks gray",),
    "mh_bp_sys": ({"number": "150", "unit": "mm[Hg]"}, {"number": "170", "unit": "mm[Hg]"}),
    "mh_bp_dia": ({"number": "95", "unit": "mm[Hg]"},),
    "bl_sensation": ("no",),
    "bl_day_voids": ({"number": "12", "unit": "/d"},),
    "bo_leak_new": ("yes",),
    "sc_closed": ("no",),
    "ob_preg_now": ("yes",),
    "sx_marinoff": ("2",),
}
POSITIVE = [(question, code) for table in (LISTS, SINGLES) for question, codes in table.items() for code in codes]
BIRTHS = [None, *((TODAY - timedelta(days=days)).isoformat() for days in (3, 40, 84, 85, 200, 500)), "2026"]


def given(**values):
    return {question: {"value": value} for question, value in values.items()}


def rules_raised(**values):
    return [flag.rule for flag in triage(given(**values), today=TODAY)]


def add(answers, question, code):
    if question in LISTS:
        before = answers.get(question, {"value": []})["value"]
        return {**answers, question: {"value": [*before, code]}}
    return {**answers, question: {"value": code}} if question not in answers else answers


def highest(answers):
    return max((flag.severity for flag in triage(answers, today=TODAY)), default=0)


def test_no_answers_raise_nothing():
    assert triage({}, today=TODAY) == ()


def test_the_heart_comes_before_the_clot_and_both_are_shown():
    answers = given(rf_heart=["rf_breath"], rf_legs=["rf_calf"])
    assert triage(answers, today=TODAY) == (
        Flag("E2", Severity.EMERGENCY, ("rf_breath",)),
        Flag("S9", Severity.SAME_DAY, ("rf_calf",)),
    )


def test_a_temperature_of_100_4_fahrenheit_is_a_fever_and_100_3_is_not():
    assert rules_raised(rf_temp={"number": "100.4", "unit": "[degF]"}) == ["S4"]
    assert rules_raised(rf_temp={"number": "100.3", "unit": "[degF]"}) == []


@pytest.mark.parametrize(("high", "low", "rules"), [("160", "88", ["E3"]), ("138", "90", ["S2"])])
def test_either_half_of_a_blood_pressure_is_enough(high, low, rules):
    pressure = {
        "mh_bp_sys": {"number": high, "unit": "mm[Hg]"},
        "mh_bp_dia": {"number": low, "unit": "mm[Hg]"},
    }
    assert rules_raised(**pressure) == rules


def test_a_soaked_pad_is_an_emergency_five_months_after_birth():
    assert rules_raised(rf_bleed="heavy", ob_births=[given(birth_date="2026-06-22")])[0] == "E1"


def test_fainting_alone_is_a_call_today():
    assert triage(given(rf_heart=["rf_faint"]), today=TODAY) == (Flag("S14", Severity.SAME_DAY, ("rf_faint",)),)


def test_a_bad_headache_is_an_emergency_at_week_5_and_a_call_today_at_month_8():
    week_5, month_8 = [given(birth_date="2026-10-18")], [given(birth_date="2026-03-22")]
    assert rules_raised(rf_head=["rf_headache"], ob_births=week_5)[0] == "E3"
    assert rules_raised(rf_head=["rf_headache"], ob_births=month_8) == ["S14"]


def test_a_birth_known_only_by_its_year_keeps_the_safe_window():
    assert rules_raised(rf_head=["rf_headache"], ob_births=[given(birth_date="2026")])[0] == "E3"


def test_the_latest_of_several_births_sets_the_window():
    births = [given(birth_date="2021-05-05"), given(birth_date="2026-11-01"), given(birth_date="2019")]
    assert rules_raised(rf_head=["rf_headache"], ob_births=births)[0] == "E3"


def test_equal_levels_stand_in_the_order_of_their_numbers_and_our_own_last():
    raised = rules_raised(
        rf_legs=["rf_calf"],
        rf_belly=["rf_wound", "rf_discharge"],
        rf_head=["rf_stroke"],
        rf_bleed="heavy",
        rf_tired_extreme="yes",
        bl_sensation="no",
    )
    assert raised == ["E1", "E10", "S3", "S4", "S9", "S14", "P8", "D12", "D13"]


def test_a_warning_sign_no_other_flag_is_about_is_still_named():
    flags = triage(given(rf_legs=["rf_calf", "rf_leg_weak"]), today=TODAY)
    assert flags[1] == Flag("S14", Severity.SAME_DAY, ("rf_leg_weak",))


def test_words_a_patient_wrote_are_never_a_reason_only_the_question_is():
    assert triage(given(rf_other="rf_private words"), today=TODAY)[0].because == ("rf_other",)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("question", ["rf_harm_self", "rf_harm_baby", "rf_unreal"])
def test_leaving_a_sensitive_question_raises_nothing_and_shows_as_not_answered(question, status):
    answers = given(rf_harm_self="no", rf_harm_baby="no", rf_unreal="no")
    assert unanswered(answers) == ()
    answers[question] = {"status": status}
    assert triage(answers, today=TODAY) == ()
    assert unanswered(answers) == (question,)


def test_sensitive_questions_never_reached_are_not_answered():
    assert unanswered({}) == ("rf_harm_self", "rf_harm_baby", "rf_unreal")


@pytest.mark.parametrize("status", STATUSES)
def test_an_answer_that_was_not_given_never_counts(status):
    left = {question: {"status": status} for question in (*LISTS, *SINGLES, "ob_births", "pn_sites", "bo_leak")}
    assert triage(left, today=TODAY) == ()


ODD = (
    *(None, "", [], {}, 7, True, "nonsense", [None], [["x"]], {"number": "x"}, {"liquid": {"x": []}}),
    {"number": "9e999999", "unit": "[degF]"},
)


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_value_never_stops_the_page(odd):
    for question in (*LISTS, *SINGLES, "ob_births", "pn_sites", "bo_leak", "mh_bp_date"):
        triage(given(**{question: odd}), today=TODAY)
        triage(given(ob_births=[{question: {"value": odd}, "birth_date": {"value": odd}}]), today=TODAY)


@for_any(st.lists(st.sampled_from(POSITIVE), max_size=8), st.sampled_from(POSITIVE), st.sampled_from(BIRTHS))
def test_one_more_positive_answer_never_lowers_the_highest_level(already, more, born):
    answers = {} if born is None else given(ob_births=[given(birth_date=born)])
    for question, code in already:
        answers = add(answers, question, code)
    assert highest(add(answers, *more)) >= highest(answers)


@for_any(st.lists(st.sampled_from(POSITIVE), max_size=8), st.sampled_from(BIRTHS))
def test_every_flag_names_what_raised_it_and_the_most_urgent_is_first(chosen, born):
    answers = {} if born is None else given(ob_births=[given(birth_date=born)])
    for question, code in chosen:
        answers = add(answers, question, code)
    flags = triage(answers, today=TODAY)
    assert all(flag.because for flag in flags)
    assert [flag.severity for flag in flags] == sorted((flag.severity for flag in flags), reverse=True)
    assert len({flag.rule for flag in flags}) == len(flags)
