"""How flags stand together: order, reasons, silence about what was not answered, and never a lowered one."""

from datetime import timedelta

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from intake.clinical.triage import Flag, Severity, triage, unanswered
from tests.clinical.triage import cases
from tests.clinical.triage.cases import ITEMS, TODAY, given, scores

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
    "mh_conditions": ("bipolar",),
    "md_psychosis": ("sees-hears", "barely-sleeps-not-tired", "racing-mind"),
    "lochia_change": ("stopped-back-red", "more-now"),
    "pop_trouble": ("pain", "cannot-pee"),
    "contra_method": ("none",),
    "ob_preg_told": ("previa",),
    "ss_basics": ("food",),
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
    "lochia_now": ("spotting", "heavier"),
    "pop_must_push": ("cannot",),
    "contra_could": ("yes",),
    "md_intrusive": ("horrify", "might-act"),
    "md_hx": ("yes-family",),
    "md_ptsd": ("yes",),
    "slp_cannot": ("yes",),
    "sx_bleed_after": ("yes",),
    "cons_internal_info": ("no-exam",),
}
MEASURES = {
    "phq-2": (1, 3),
    "phq-9": (1, 2, 3),
    "gad-7": (2, 3),
    "epds": (1, 2, 3),
    "pc-ptsd-5": (1,),
}
SCORED = [(measure, score) for measure, scores in MEASURES.items() for score in scores]
POSITIVE = [(question, code) for table in (LISTS, SINGLES) for question, codes in table.items() for code in codes]
BIRTHS = [None, *((TODAY - timedelta(days=days)).isoformat() for days in (3, 40, 84, 85, 200, 500)), "2026"]


def rules_raised(**values):
    return cases.rules_raised(values)


def add(answers, question, code):
    if question in LISTS:
        before = answers.get(question, {"value": []})["value"]
        return {**answers, question: {"value": [*before, code]}}
    return {**answers, question: {"value": code}} if question not in answers else answers


def positive(chosen, born, measured):
    """Answers that hold every positive one that was chosen, and measures with one score in all their items."""
    answers = {} if born is None else given(ob_births=[given(birth_date=born)])
    for question, code in chosen:
        answers = add(answers, question, code)
    return answers, {name: dict.fromkeys(map(str, range(1, ITEMS[name] + 1)), score) for name, score in measured}


def highest(flags):
    return max((flag.severity for flag in flags), default=0)


def may_be_positive():
    chosen = st.lists(st.sampled_from(POSITIVE), max_size=8)
    measured = st.lists(st.sampled_from(SCORED), max_size=2, unique_by=lambda each: each[0])
    return st.builds(positive, chosen, st.sampled_from(BIRTHS), measured)


def test_no_answers_raise_nothing():
    assert triage({}, today=TODAY) == ()


def test_the_heart_comes_before_the_clot_and_both_name_their_sign():
    answers = given(rf_heart=["rf_breath"], rf_legs=["rf_calf"])
    assert triage(answers, today=TODAY) == (
        Flag("E2", Severity.EMERGENCY, ("rf_breath",)),
        Flag("S9", Severity.SAME_DAY, ("rf_calf",)),
    )


def test_a_flag_names_the_measure_or_its_item():
    measures = scores("phq-9", 3, 3, 3, 3, 3, 3, 3, 0, 1)
    assert triage({}, today=TODAY, measures=measures) == (
        Flag("S1", Severity.SAME_DAY, ("phq-9.9",)),
        Flag("S1b", Severity.SAME_DAY, ("phq-9",)),
        Flag("D1", Severity.DISCUSS, ("phq-9",)),
    )


def test_a_measure_nobody_knows_and_odd_scores_raise_nothing():
    odd = {"who-5": {"1": 0}, "phq-9": {"9": None, "1": "3"}, "epds": {"10": "often"}, "gad-7": {}}
    assert triage({}, today=TODAY, measures=odd) == ()


def test_an_item_about_self_harm_is_not_answered_only_when_its_measure_was_begun():
    answers = given(rf_harm_self="no", rf_harm_baby="no", rf_unreal="no")
    assert unanswered(answers, {"phq-9": {}, "gad-7": {}}) == ("phq-9.9",)
    assert unanswered(answers, scores("gad-7", 1)) == ()


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


@for_any(may_be_positive(), st.sampled_from(POSITIVE))
def test_one_more_positive_answer_never_lowers_the_highest_level_and_takes_no_flag_away(said, more):
    answers, measures = said
    before = triage(answers, today=TODAY, measures=measures)
    after = triage(add(answers, *more), today=TODAY, measures=measures)
    assert highest(after) >= highest(before)
    assert _kept(before, after)


@for_any(may_be_positive(), st.sampled_from(SCORED))
def test_one_more_measure_never_lowers_the_highest_level_and_takes_no_flag_away(said, more):
    answers, measures = said
    one_more = positive([], None, [more])[1] | measures
    before = triage(answers, today=TODAY, measures=measures)
    after = triage(answers, today=TODAY, measures=one_more)
    assert highest(after) >= highest(before)
    assert _kept(before, after)


def _kept(before, after):
    """Every flag is still there with all its reasons. S14 may hand a sign over to a rule that is about it."""
    urgent = {reason for flag in after for reason in flag.because if flag.severity >= Severity.SAME_DAY}
    by_rule = {flag.rule: set(flag.because) for flag in after}
    return all(
        set(flag.because) <= (urgent if flag.rule == "S14" else by_rule.get(flag.rule, set())) for flag in before
    )


@for_any(may_be_positive())
def test_every_flag_names_what_raised_it_and_the_most_urgent_is_first(said):
    answers, measures = said
    flags = triage(answers, today=TODAY, measures=measures)
    assert all(flag.because for flag in flags)
    assert [flag.severity for flag in flags] == sorted((flag.severity for flag in flags), reverse=True)
    assert len({flag.rule for flag in flags}) == len(flags)
