"""Each rule: the answers that raise it, and answers close by that do not."""

from datetime import date, timedelta

import pytest

from intake.clinical.triage import Severity, reads, triage
from intake.clinical.triage.rules import RULES
from intake.forms import bodymap, reader
from intake.forms.model import Kind

TODAY = date(2026, 11, 22)
WARNING_SIGNS = 22  # of the first check, temperature and free text aside
HARMLESS = {"none", "light", "period", "no", "taken", "not-taken-fine"}


def given(**values):
    return {question: {"value": value} for question, value in values.items()}


def birth(days_ago=None, **values):
    when = {} if days_ago is None else {"birth_date": (TODAY - timedelta(days=days_ago)).isoformat()}
    return [given(**when, **values)]


def number(text, unit):
    return {"number": text, "unit": unit}


def mmhg(text):
    return number(text, "mm[Hg]")


def site(where="hip-left", average=0):
    return [given(pn_where=where, pn_average=average)]


FEVER = {"rf_temp": number("38.0", "Cel")}
BACK = {"pn_map": ["low-back"]}
LONG_AGO = {"ob_births": birth(240)}

RAISED = [
    ("E1", {"rf_bleed": "heavy"}),
    ("E1", {"rf_bleed": "heavy", "ob_births": birth(150)}),
    ("E2", {"rf_heart": ["rf_chest"]}),
    ("E2", {"rf_heart": ["rf_breath"]}),
    ("E2", {"rf_heart": ["rf_seizure"]}),
    ("E2", {"rf_heart": ["rf_faint"], "rf_legs": ["rf_calf"]}),
    ("E2", {"rf_heart": ["rf_faint"], "rf_tired_extreme": "yes"}),
    ("E2", {"rf_heart": ["rf_faint"], "rf_other": "My skin looks gray"}),
    ("E2", {"rf_heart": ["rf_faint"], "rf_temp_taken": "not-taken-hot"}),
    ("E2", {"rf_heart": ["rf_faint"], "rf_bleed": "heavy"}),
    ("E2", {"rf_heart": ["rf_faint", "a-sign-of-a-later-form"]}),
    ("E2", {"rf_heart": ["rf_faint"], "rf_head": ["rf_vision"]}),
    ("E2", {"rf_heart": ["rf_faint"], "rf_belly": ["rf_discharge"]}),
    ("E2", {"rf_heart": ["rf_faint"], **FEVER}),
    ("E2", {"rf_heart": ["rf_faint"], "rf_harm_self": "thoughts"}),
    ("E2", {"rf_heart": ["rf_faint"], "rf_harm_baby": "unwanted"}),
    ("E2", {"rf_heart": ["rf_faint"], "rf_unreal": "yes"}),
    ("E3", {"mh_bp_sys": mmhg("160"), "mh_bp_dia": mmhg("88")}),
    ("E3", {"mh_bp_sys": mmhg("130"), "mh_bp_dia": mmhg("110")}),
    ("E3", {"mh_bp_sys": mmhg("165"), "mh_bp_date": (TODAY - timedelta(days=14)).isoformat()}),
    ("E3", {"mh_bp_sys": mmhg("165"), "mh_bp_date": "2026"}),
    ("E3", {"mh_bp_sys": mmhg("165"), **LONG_AGO}),
    ("E3", {"rf_head": ["rf_headache"]}),
    ("E3", {"rf_head": ["rf_headache"], "ob_births": birth(35)}),
    ("E3", {"rf_head": ["rf_vision"], "ob_births": birth(84)}),
    ("E3", {"rf_head": ["rf_swell_face_hands"], "ob_births": birth(10)}),
    ("E3", {"rf_belly": ["rf_ruq"], "ob_births": birth(10)}),
    ("E3", {"rf_head": ["rf_headache", "rf_vision"], **LONG_AGO}),
    ("E3", {"rf_head": ["rf_headache"], "ob_births": [given(birth_date="2026")]}),
    ("E4", {**FEVER, "rf_heart": ["rf_faint"]}),
    ("E4", {**FEVER, "rf_heart": ["rf_breath"]}),
    ("E4", {**FEVER, "rf_heart": ["rf_chest"]}),
    ("E4", {**FEVER, "rf_belly": ["rf_ruq"]}),
    ("E4", {**FEVER, "rf_belly": ["rf_vomit"]}),
    ("E4", {**FEVER, "rf_tired_extreme": "yes"}),
    ("E4", {**FEVER, "rf_unreal": "yes"}),
    ("E4", {"rf_temp_taken": "not-taken-hot", "rf_tired_extreme": "yes"}),
    ("E4", {"bl_uti_signs": ["fever"], "rf_belly": ["rf_vomit"]}),
    ("E5", {"rf_harm_self": "plan"}),
    ("E5", {"rf_harm_baby": "might-act"}),
    ("E6", {"rf_unreal": "yes"}),
    ("E7", {"rf_legs": ["rf_saddle"]}),
    ("E7", {"pn_neuro": ["saddle"]}),
    ("E7", {"pn_neuro": ["both-legs"]}),
    ("E7", {"rf_legs": ["rf_leg_weak"], **BACK}),
    ("E7", {"rf_legs": ["rf_leg_weak"], "pn_sites": site("low-back")}),
    ("E7", {"rf_legs": ["rf_leg_weak"], "pn_neuro": ["one-leg-numb"]}),
    ("E7", {"rf_legs": ["rf_bowel_new", "rf_leg_weak"]}),
    ("E7", {"rf_legs": ["rf_bowel_new"], **BACK}),
    ("E7", {"bo_leak_new": "yes", **BACK}),
    ("E7", {"bl_sensation": "no", **BACK}),
    ("E7", {"bl_sensation": "no", "pn_sites": site("low-back")}),
    ("E7", {"bl_sensation": "no", "pn_neuro": ["one-leg-numb"]}),
    ("E8", {"rf_legs": ["rf_pee_none"]}),
    ("E8", {"bl_empty": ["cannot-pass"]}),
    ("E10", {"rf_head": ["rf_stroke"]}),
    ("S1", {"rf_harm_self": "thoughts"}),
    ("S2", {"mh_bp_sys": mmhg("138"), "mh_bp_dia": mmhg("90")}),
    ("S2", {"mh_bp_sys": mmhg("140")}),
    ("S2", {"mh_bp_sys": mmhg("159.5")}),
    ("S2", {"mh_bp_dia": mmhg("109")}),
    ("S2", {"mh_bp_sys": mmhg("150"), "mh_bp_date": (TODAY - timedelta(days=14)).isoformat()}),
    ("S3", {"rf_belly": ["rf_wound"]}),
    ("S3", {"sc_closed": "no", "ob_births": birth(22)}),
    ("S3", {"sc_closed": "no"}),
    ("S3", {"sc_closed": "no", "ob_births": [given(birth_date="2026-10")]}),
    ("S3", {"ob_births": birth(84, birth_repair="opened")}),
    ("S3", {"ob_births": birth(5, birth_repair="infected")}),
    ("S3", {"ob_births": birth(birth_repair="opened")}),
    ("S4", FEVER),
    ("S4", {"rf_temp": number("100.4", "[degF]")}),
    ("S4", {"rf_temp_taken": "not-taken-hot"}),
    ("S4", {"bl_uti_signs": ["fever"]}),
    ("S4", {"bl_uti_signs": ["flank"]}),
    ("S4", {"rf_belly": ["rf_discharge"]}),
    ("S4", {"rf_belly": ["rf_vomit"]}),
    ("S5", {"bl_uti_signs": ["blood"]}),
    ("S5", {"bl_uti_signs": ["burning"], "bl_day_voids": number("9", "/d")}),
    ("S5", {"bl_uti_signs": ["burning", "flank"]}),
    ("S5", {"bl_uti_signs": ["burning", "fever"]}),
    ("S6", {"bo_pain_bleed": ["dark"]}),
    ("S6", {"bo_pain_bleed": ["heavy"]}),
    ("S8", {"pn_neuro": ["one-leg-weak"]}),
    ("S9", {"rf_legs": ["rf_calf"]}),
    ("S10", {"feed_problem": ["red-hot"], **FEVER}),
    ("S10", {"feed_problem": ["red-hot"], "rf_temp_taken": "not-taken-hot"}),
    ("S10", {"feed_problem": ["red-hot"], "bl_uti_signs": ["fever"]}),
    ("S13", {"rf_harm_baby": "unwanted"}),
    ("S14", {"rf_heart": ["rf_faint"]}),
    ("S14", {"rf_head": ["rf_headache"], **LONG_AGO}),
    ("S14", {"rf_belly": ["rf_ruq"], **LONG_AGO}),
    ("S14", {"rf_legs": ["rf_leg_weak"]}),
    ("S14", {"rf_legs": ["rf_bowel_new"]}),
    ("S14", {"rf_tired_extreme": "yes"}),
    ("S14", {"rf_other": "My skin looks gray"}),
    ("S14", {"rf_head": ["a-sign-of-a-later-form"]}),
    ("P6", {"bo_leak_new": "yes"}),
    ("P8", {"bl_sensation": "no"}),
    ("D3", {"ob_births": birth(birth_feeling=3)}),
    ("D3", {"ob_births": birth(birth_feeling=0)}),
    ("D4", {"sx_marinoff": "1"}),
    ("D4", {"sx_pain_nprs": {"entry": {"sx_pain_strength": 1}, "after": {"sx_pain_strength": 4}}}),
    ("D5", {"bl_leak_when": ["cough", "constant"]}),
    ("D6", {"bo_leak": {"gas": "daily", "liquid": "lt-monthly"}}),
    ("D6", {"bo_leak": {"solid": "daily"}}),
    ("D6", {"bo_leak": {"solid": "lt-weekly"}}),
    ("D6", {"bo_leak": {"solid": "lt-daily"}}),
    ("D6", {"rf_legs": ["rf_bowel_new"]}),
    ("D6", {"bo_leak_new": "yes"}),
    *(
        ("D6", {"ob_births": birth(birth_tear=tear)})
        for tear in ("third-a", "third-b", "third-c", "third-unsure", "fourth")
    ),
    ("D9", {"ob_preg_now": "yes"}),
    ("D9", {"ob_preg_now": "not-sure"}),
    *(("D11", {"pn_night_rest": [x]}) for x in ("wakes", "no-position", "weight-loss", "cancer-history")),
    ("D12", {"mh_implants": ["pacemaker"]}),
    ("D12", {"mh_implants": ["nerve-stimulator"]}),
    ("D12", {"mh_conditions": ["cancer-pelvic"]}),
    ("D12", {"ob_preg_now": "not-sure"}),
    ("D12", {"ob_preg_now": "yes"}),
    ("D12", {"rf_belly": ["rf_wound"]}),
    ("D12", {"sc_closed": "no"}),
    ("D12", {"ob_births": birth(84, birth_repair="infected")}),
    ("D12", {"ob_births": birth(birth_repair="opened")}),
    ("D12", {"pn_neuro": ["saddle"]}),
    ("D12", {"mh_infection_now": ["sti"]}),
    ("D12", {"sc_closed": "not-sure"}),
    ("D12", {"rf_bleed": "heavy"}),
    ("D12", {"bl_sensation": "no"}),
    ("D12", {"rf_legs": ["rf_saddle"]}),
    ("D13", {"ob_births": birth(41)}),
    ("D13", {"rf_belly": ["rf_wound"]}),
    ("D13", {"sc_closed": "no", "ob_births": birth(60)}),
    ("D13", {"ob_births": birth(50, birth_repair="opened")}),
    ("D13", {"ob_births": birth(84, birth_repair="infected")}),
    ("D13", {"ob_births": birth(birth_repair="opened")}),
    ("D13", {"sc_closed": "not-sure", "ob_births": birth(60)}),
    ("D13", {"mh_infection_now": ["skin-break"]}),
    ("D13", {"rf_bleed": "heavy"}),
    ("D13", {"ti_internal": "never"}),
    ("D13", {"ti_internal": "not-today"}),
    ("D15", {"ob_births": birth(birth_outcome="stillborn")}),
    ("D15", {"ob_births": [*birth(400, birth_outcome="died-later"), *birth(30)]}),
    ("P2", {"mh_bp_sys": mmhg("150"), "mh_bp_date": (TODAY - timedelta(days=15)).isoformat()}),
    ("P2", {"mh_bp_sys": mmhg("170"), "mh_bp_date": (TODAY - timedelta(days=15)).isoformat()}),
    ("P2", {"mh_bp_sys": mmhg("140"), "mh_bp_dia": mmhg("80"), "mh_bp_date": "2026-01-01"}),
    ("P2", {"mh_bp_sys": mmhg("120"), "mh_bp_dia": mmhg("90"), "mh_bp_date": "2026-01-01"}),
    ("P7", {"pn_sites": [*site(average=2), *site(average=7)]}),
]

NOT_RAISED = [
    ("E1", {"rf_bleed": "period"}),
    ("E2", {"rf_heart": ["rf_faint"]}),
    ("E2", {"rf_heart": ["rf_faint"], "rf_bleed": "light", "rf_tired_extreme": "no", "rf_head": ["none"]}),
    ("E3", {"mh_bp_sys": mmhg("159"), "mh_bp_dia": mmhg("109")}),
    ("E3", {"mh_bp_sys": mmhg("170"), "mh_bp_date": (TODAY - timedelta(days=15)).isoformat()}),
    ("E3", {"rf_head": ["rf_headache"], "ob_births": birth(85)}),
    ("E3", {"rf_head": ["rf_vision", "rf_swell_face_hands"], **LONG_AGO}),
    ("E4", FEVER),
    ("E4", {"rf_temp": number("37.9", "Cel"), "rf_tired_extreme": "yes"}),
    ("E5", {"rf_harm_self": "thoughts", "rf_harm_baby": "unwanted"}),
    ("E6", {"rf_unreal": "no"}),
    ("E7", {"rf_legs": ["rf_leg_weak"], "pn_map": ["hip-left"]}),
    ("E7", {"bl_sensation": "no", "bo_leak_new": "no"}),
    ("E7", {"pn_neuro": ["one-leg-numb", "one-leg-weak", "pins"]}),
    ("E8", {"bl_empty": ["not-empty"]}),
    ("E10", {"rf_head": ["none"]}),
    ("S1", {"rf_harm_self": "no"}),
    ("S2", {"mh_bp_sys": mmhg("139"), "mh_bp_dia": mmhg("89")}),
    ("S2", {"mh_bp_sys": mmhg("160")}),
    ("S2", {"mh_bp_dia": mmhg("110")}),
    ("S2", {"mh_bp_sys": mmhg("150"), "mh_bp_date": (TODAY - timedelta(days=15)).isoformat()}),
    ("S3", {"sc_closed": "no", "ob_births": birth(21)}),
    ("S3", {"sc_closed": "not-sure", "ob_births": birth(60)}),
    ("S3", {"ob_births": birth(85, birth_repair="opened")}),
    ("S3", {"ob_births": [*birth(900, birth_repair="opened"), *birth(30, birth_repair="healed")]}),
    ("S4", {"rf_temp": number("100.3", "[degF]")}),
    ("S4", {"rf_temp": number("37.9", "Cel")}),
    ("S5", {"bl_uti_signs": ["burning"], "bl_day_voids": number("8", "/d")}),
    ("S5", {"bl_uti_signs": ["smelly"], "bl_day_voids": number("12", "/d")}),
    ("S6", {"bo_pain_bleed": ["bright"]}),
    ("S8", {"pn_neuro": ["one-leg-numb"]}),
    ("S9", {"rf_legs": ["rf_leg_weak"]}),
    ("S10", {"feed_problem": ["red-hot"]}),
    ("S10", FEVER),
    ("S13", {"rf_harm_baby": "no"}),
    ("S14", {"rf_other": "   "}),
    ("S14", {"rf_head": ["rf_headache"], "ob_births": birth(35)}),
    ("S14", {"rf_bleed": "light", "rf_temp_taken": "not-taken-fine", "rf_legs": ["none"]}),
    ("P6", {"bo_leak_new": "no"}),
    ("P8", {"bl_sensation": "yes"}),
    ("D3", {"ob_births": birth(birth_feeling=4)}),
    ("D4", {"sx_marinoff": "0", "sx_pain_nprs": {"entry": {"sx_pain_strength": 3}}}),
    ("D4", {"sx_marinoff": "not-applicable"}),
    ("D5", {"bl_leak_when": ["cough"]}),
    ("D6", {"bo_leak": {"gas": "daily", "mucus": "daily", "liquid": "never", "solid": "never"}}),
    ("D6", {"ob_births": birth(birth_tear="second")}),
    ("D9", {"ob_preg_now": "no"}),
    ("D11", {"pn_night_rest": ["none"]}),
    ("D12", {"mh_implants": ["iud-copper"], "mh_infection_now": ["none"], "sc_closed": "yes"}),
    ("D12", {"ob_births": birth(85, birth_repair="opened")}),
    ("D13", {"ob_births": birth(85, birth_repair="opened")}),
    ("D13", {"ob_births": birth(42), "ti_internal": "unsure"}),
    ("D13", {"ti_chaperone": "clinic"}),
    ("D15", {"ob_births": birth(birth_outcome="living")}),
    ("P2", {"mh_bp_sys": mmhg("139"), "mh_bp_dia": mmhg("89"), "mh_bp_date": "2026-01-01"}),
    ("P2", {"mh_bp_sys": mmhg("150"), "mh_bp_date": (TODAY - timedelta(days=14)).isoformat()}),
    ("P7", {"pn_sites": site(average=6)}),
]


def rules_raised(values):
    return [flag.rule for flag in triage(given(**values), today=TODAY)]


@pytest.mark.parametrize(("rule", "values"), RAISED)
def test_a_rule_is_raised_by_the_answers_it_is_about(rule, values):
    assert rule in rules_raised(values)


@pytest.mark.parametrize(("rule", "values"), NOT_RAISED)
def test_a_rule_keeps_still_for_answers_close_by(rule, values):
    assert rule not in rules_raised(values)


def test_every_rule_is_tested_both_ways():
    rules = {rule.id for rule in RULES} | {"S14"}
    assert {rule for rule, _ in RAISED} == {rule for rule, _ in NOT_RAISED} == rules


def test_the_level_of_a_rule_is_the_one_its_letter_says():
    levels = {"E": Severity.EMERGENCY, "S": Severity.SAME_DAY, "D": Severity.DISCUSS}
    ours = {"P6": Severity.SAME_DAY, "P8": Severity.SAME_DAY, "P2": Severity.DISCUSS, "P7": Severity.DISCUSS}
    assert {rule.id: rule.severity for rule in RULES} == {
        rule.id: ours.get(rule.id) or levels[rule.id[0]] for rule in RULES
    }


def test_nothing_about_safety_at_home_is_among_the_rules():
    assert {rule.id for rule in RULES}.isdisjoint({"E9", "S11", "S12"})


def _questions(questions):
    for question in questions:
        yield question
        yield from _questions(question.questions)


def _codes(question):
    choices = {each.code for each in (*question.options, *question.rows)}
    regions = {each.code for each in bodymap.regions(question.map)} if question.kind is Kind.MAP else set()
    answers = {"yes", "no"} if question.kind is Kind.YES_NO else set()
    return choices | regions | answers | ({"not-sure"} if question.not_sure else set())


def test_the_intake_asks_every_question_a_rule_reads_and_offers_every_code():
    offered = {q.id: _codes(q) for q in _questions(reader.latest("intake").questions())}
    unknown = {question: codes - offered.get(question, set()) for question, codes in reads().items()}
    assert reads().keys() <= offered.keys()
    assert not {question: codes for question, codes in unknown.items() if codes}


def test_each_warning_sign_of_the_intake_alone_means_care_today_at_least():
    signs = [
        (question.id, [option.code] if question.kind is Kind.CHOICES else option.code)
        for question in reader.latest("intake").questions()
        if question.id.startswith("rf_")
        for option in question.options
        if option.code not in HARMLESS
    ]
    assert len(signs) >= WARNING_SIGNS
    for later in (0, 35, 240, 800):
        for question, answer in signs:
            flags = triage(given(**{question: answer}, ob_births=birth(later)), today=TODAY)
            assert flags[0].severity >= Severity.SAME_DAY, (question, answer, later)
