"""What the intake asks of whom: nothing that clinicians need is left out, and nobody is asked what would hurt."""

from __future__ import annotations

from datetime import date

import pytest

from intake.forms import conditions, needs, reader
from intake.forms.model import Kind, Need
from tests import typical

INTAKE = reader.latest("intake")
MOST_REQUIRED, MOST_ASKED = 8, 10  # of one page; a group counts once

# What clinicians want an intake to ask, in the order of their list, under the names the form has for it.
WANTED = {
    "where and by whom it is filled in": "pre_private pre_who",
    "identity and contact": (
        "id_name_used id_pronouns id_gender id_sex_birth id_language id_interpreter id_access_needs id_contact_methods "
        "id_safe_to_contact id_voicemail_ok id_safe_times id_portal_shared id_do_not_tell id_emerg_name "
        "id_emerg_relation id_emerg_phone id_emerg_say_clinic id_partner_invite id_care_team id_care_share id_referral "
        "id_insurance id_insurance_plan id_insurance_member id_insurance_group id_insurance_holder"
    ),
    "consents": (
        "cons_treat cons_npp cons_telehealth cons_ecomm_email cons_ecomm_text cons_internal_info cons_release "
        "cons_student cons_photo cons_finance cons_minor"
    ),
    "pregnancies": "ob_preg_now ob_preg_due ob_preg_weeks ob_preg_told ob_g ob_t ob_p ob_a ob_l ob_list_losses ob_more",
    "births": (
        "ob_births birth_date birth_ga_weeks birth_mode birth_vbac birth_cs_cut birth_tear birth_episiotomy "
        "birth_repair birth_stage2_min birth_baby_position birth_anesthesia birth_weight birth_count birth_outcome "
        "birth_complications birth_blood_loss birth_nicu birth_nicu_days birth_feeling birth_cervix ob_baby_questions"
    ),
    "feeding and sleep": (
        "feed_mode feed_stopped_on feed_problem feed_per_24h feed_night feed_after_loss slp_longest_h slp_total_h "
        "slp_cannot"
    ),
    "health": (
        "mh_conditions mh_surgery mh_surgery_cervix mh_implants mh_infection_now mh_hx_catheter mh_hx_catheter_days "
        "mh_pvr mh_pvr_ml med_list alg_known alg_reaction mh_smoke mh_alcohol mh_drugs mh_weight mh_height mh_bp_sys "
        "mh_bp_dia mh_bp_date"
    ),
    "bleeding": "lochia_now lochia_change mens_returned mens_lmp contra_method contra_could",
    "bladder": (
        "bl_day_voids bl_nocturia bl_urgency bl_leak_any bl_leak_when bl_leak_freq bl_leak_amt bl_bother bl_pads "
        "bl_pads_type bl_empty bl_sensation bl_uti_signs bl_fluid bl_diary"
    ),
    "bowel": (
        "bo_freq bo_bristol bo_strain bo_incomplete bo_splint bo_pain_bleed bo_leak bo_leak_new bo_urgency bo_pad_med "
        "bo_lifestyle bo_bother"
    ),
    "prolapse": "pop_bulge pop_heavy pop_when pop_must_push pop_trouble pop_pessary pop_bother",
    "pain": (
        "pn_map pn_pelvis_map pn_sites pn_where pn_now pn_worst pn_best pn_average pn_quality pn_pattern pn_started "
        "pn_worse pn_better pn_night_rest pn_neuro pn_meds"
    ),
    "scars": "sc_type sc_closed sc_symptoms sc_bother sc_look_touch",
    "sexual health": (
        "sx_ok_to_ask sx_partner_status sx_resumed sx_clearance sx_goal sx_pain_when sx_pain_nprs sx_marinoff "
        "sx_desire sx_arousal sx_lube sx_orgasm sx_satisf sx_distress sx_touched_out sx_fear sx_dryness sx_lubricant "
        "sx_history sx_bleed_after"
    ),
    "body": "bd_home bd_genital bd_belly bd_look_ok",
    "nervous system": "ns_now ns_hours_alert ns_downshift ns_helps ns_signals ns_panic",
    "relationship": (
        "rel_in rel_desire_now rel_touch_need rel_affection_recv rel_fear_hurt rel_wanted rel_role rel_energy "
        "rel_talk_ease rel_confidence rel_team rel_meaning rel_partner_guess rel_support_home"
    ),
    "mood": "md_ok md_intrusive md_psychosis md_hx md_bond md_care_now md_ptsd",
    "support": "ss_help ss_help_hours ss_nights_alone ss_basics",
    "function and goals": (
        "fn_work fn_work_demand fn_work_lift fn_work_return fn_activity fn_lift_baby fn_lift_ease fn_baby_weight "
        "fn_car_seat fn_psfs fn_goal_top"
    ),
    "preferences": (
        "ti_talk_first ti_touch ti_internal ti_chaperone ti_therapist_gender ti_stop_word ti_position ti_mirror "
        "ti_self_insert ti_baby_in_room ti_triggers ti_after"
    ),
    "expectations": "ex_hope ex_worry ex_prior_care ex_time ex_format",
    "warning signs": (
        "rf_bleed rf_chest rf_breath rf_faint rf_seizure rf_headache rf_vision rf_swell_face_hands rf_ruq rf_vomit "
        "rf_stroke rf_calf rf_temp rf_discharge rf_wound rf_pee_none rf_saddle rf_leg_weak rf_bowel_new rf_harm_self "
        "rf_harm_baby rf_unreal rf_tired_extreme rf_other"
    ),
}
BOUNDS = [
    ("birth_ga_weeks", 20, 44),
    ("birth_stage2_min", 0, 600),
    ("birth_blood_loss", 0, 8000),
    ("ob_g", 0, 30),
    ("feed_per_24h", 0, 24),
    ("slp_longest_h", 0, 14),
    ("slp_total_h", 0, 24),
    ("mh_bp_sys", 60, 260),
    ("mh_bp_dia", 30, 160),
    ("bl_day_voids", 0, 40),
    ("bl_nocturia", 0, 15),
    ("bl_pads", 0, 30),
    ("bo_freq", 0, 70),
]
BABY = {"feed_mode", "sx_touched_out", "md_intrusive", "md_bond", "fn_baby_weight", "fn_car_seat"}
PRIVATE = {"intimacy", "closeness", "mood"}
ALONE = {"pre_private": {"value": "yes"}, "pre_who": {"value": "me"}}
ASKED = {**ALONE, "sx_ok_to_ask": {"value": "yes"}, "md_ok": {"value": "yes"}}
LOSSES = ["stillborn", "died-later"]


def every(form):
    return {each.id: each for question in form.questions() for each in (question, *question.questions)}


def births(*outcomes):
    known = {"birth_date": {"value": "2026-03-01"}, "birth_mode": {"value": "vaginal"}}
    return {"ob_births": {"value": [{**known, "birth_outcome": outcome} for outcome in outcomes]}}


def said(*outcomes):
    return births(*({"value": outcome} for outcome in outcomes))


def chosen(answer):
    return {"ob_baby_questions": {"value": answer}}


def shown(*parts):
    answers = {}
    for part in parts:
        answers |= part
    return conditions.visible(INTAKE, answers)


def value(**answers):
    return {name: {"value": answer} for name, answer in answers.items()}


@pytest.mark.parametrize("topic", WANTED)
def test_the_intake_asks_all_that_clinicians_want_to_know(topic):
    codes = {option.code for question in INTAKE.questions() for option in question.options}
    assert set(WANTED[topic].split()) <= set(every(INTAKE)) | codes


def test_nothing_of_the_version_before_got_lost():
    before, now = every(reader.load("intake", 1)), every(INTAKE)
    assert before.keys() <= now.keys()
    lost = {name: old.codes - now[name].codes for name, old in before.items() if not old.codes <= now[name].codes}
    assert lost == {}


@pytest.mark.parametrize(("name", "least", "most"), BOUNDS)
def test_a_number_has_the_bounds_clinicians_gave(name, least, most):
    question = every(INTAKE)[name]
    assert (question.minimum, question.maximum) == (least, most)


def test_what_a_measure_of_others_asks_is_not_asked_here():
    assert not [name for name in every(INTAKE) if name.startswith(("phq", "gad", "epds", "hark", "md_phq", "md_gad"))]


@pytest.mark.parametrize("outcome", LOSSES)
def test_after_a_loss_nothing_about_a_baby_is_asked(outcome):
    assert BABY.isdisjoint(shown(ASKED, said(outcome)))
    assert BABY.isdisjoint(shown(ASKED, said(*LOSSES, outcome)))


@pytest.mark.parametrize("outcome", LOSSES)
def test_after_a_loss_whoever_wants_the_questions_about_a_baby_gets_them(outcome):
    assert shown(ASKED, said(outcome), chosen("yes")) >= BABY
    assert BABY.isdisjoint(shown(ASKED, said(outcome), chosen("no")))


@pytest.mark.parametrize("settled", [{"status": "declined"}, {"status": "in-person"}, {"status": "skipped"}])
def test_after_a_loss_no_answer_is_no_wish_to_see_them(settled):
    assert BABY.isdisjoint(shown(ASKED, said("stillborn"), {"ob_baby_questions": settled}))


@pytest.mark.parametrize("outcome", LOSSES)
def test_with_a_living_child_and_a_loss_she_is_asked_first(outcome):
    both = said(outcome, "living")
    assert "ob_baby_questions" in shown(both)
    assert "feed_mode" not in shown(both)
    assert shown(ASKED, both, chosen("yes")) >= BABY
    assert {"feed_mode", "fn_baby_weight", "fn_car_seat"}.isdisjoint(shown(ASKED, both, chosen("no")))
    assert "md_intrusive" in shown(ASKED, both, chosen("no")), "a child at home is a reason to ask for scary thoughts"


def test_who_had_no_loss_gets_every_question_and_not_the_one_that_opens_them():
    seen = shown(ASKED, said("living", "living"))
    assert seen >= BABY
    assert {"ob_baby_questions", "feed_after_loss"}.isdisjoint(seen)


def test_who_keeps_the_outcome_to_herself_is_not_asked_for_a_bond_with_a_baby():
    seen = shown(ASKED, births({"status": "declined"}))
    assert {"md_bond", "md_intrusive", "sx_touched_out", "fn_baby_weight"}.isdisjoint(seen)


@pytest.mark.parametrize("outcome", LOSSES)
def test_milk_after_a_loss_is_asked_without_a_word_of_feeding(outcome):
    assert "feed_after_loss" in shown(said(outcome))
    assert "feed_after_loss" not in shown(said(outcome), chosen("yes"))
    question = INTAKE.by_id["feed_after_loss"]
    words = " ".join([question.text, question.hint, question.why, *(option.text for option in question.options)])
    assert not {"baby", "feed", "feeding", "breastfeeding"} & set(words.lower().replace(".", " ").split())


def test_each_later_question_that_hides_after_a_loss_comes_after_the_births():
    order = list(INTAKE.by_id)
    assert all(order.index(name) > order.index("ob_baby_questions") for name in BABY)


@pytest.mark.parametrize(
    "alone",
    [value(pre_private="not-now", pre_who="me"), value(pre_private="yes", pre_who="helper"),
     value(pre_private="yes", pre_who="staff"), {}],
)  # fmt: skip
def test_who_is_not_alone_sees_no_private_part(alone):
    assert {section.id for section in INTAKE.sections if section.private} == PRIVATE
    seen = shown(said("living"), value(sx_ok_to_ask="yes", md_ok="yes", rel_in="yes"), alone)
    assert {INTAKE.section_of[name].id for name in seen}.isdisjoint(PRIVATE)


@pytest.mark.parametrize("section", ["intimacy", "mood", "closeness"])
def test_a_private_part_can_be_left_whole_and_asks_for_leave_first(section):
    part = INTAKE.section(section)
    assert part.skippable
    assert all(question.need is Need.OPTIONAL for question in part.questions())
    first, *later = part.pages
    gate = next(question.id for question in first.questions if question.kind is not Kind.DISPLAY)
    asked = {q.id for page in later for q in page.questions}
    assert asked.isdisjoint(shown(ALONE, said("living"), value(**{gate: "not-now"})))
    assert asked.isdisjoint(shown(ALONE, said("living"), {gate: {"status": "declined"}}))


def test_whether_sex_and_birth_control_are_free_is_not_asked_here():
    assert {"sx_pressure", "contra_control", "rf_unsafe_now"}.isdisjoint(every(INTAKE))
    assert "unwanted" not in INTAKE.by_id["sx_resumed"].codes
    assert len(INTAKE.by_id["sx_resumed"].options) == len(reader.load("intake", 1).by_id["sx_resumed"].options)


COUNTED = {"ob_list_losses", "ob_g", "ob_t", "ob_p", "ob_a", "ob_l"}


def test_losses_need_not_be_listed():
    assert shown(value(ob_more="yes", ob_list_losses="list")) >= COUNTED
    assert "ob_a" not in shown(value(ob_more="yes", ob_list_losses="rather-not"))


@pytest.mark.parametrize("more", [{"value": "no"}, {"status": "declined"}, {"status": "in-person"}])
def test_pregnancies_are_counted_only_with_who_says_that_there_were_others(more):
    assert COUNTED.isdisjoint(shown({"ob_more": more}))


def test_nothing_is_worded_otherwise_than_before():
    before, now = every(reader.load("intake", 2)), every(INTAKE)
    assert set(now) - set(before) == {"ob_more"}
    assert set(before) <= set(now)
    changed = {name for name in before if _said(before[name]) != _said(now[name])}
    assert changed == {"id_safe_to_contact"}  # its hint: the rows she does not use are not shown any more


def _said(question):
    """What is asked, of whom it is kept from, and what may be answered."""
    plain = ("kind", "text", "hint", "why", "body", "tier", "need", "options", "rows", "units", "minimum", "maximum")
    more = ("may_decline", "may_tell_in_person", "not_sure", "other", "loinc", "past", "approximate", "max_length")
    return [getattr(question, name) for name in (*plain, *more)]


# ---------------------------------------------------------------- how long it takes

LONGEST, ROUNDING, SAYS_MORE = 2.5, 0.5, 2  # minutes
TODAY = date(2026, 9, 15)
HERS = typical.answers(INTAKE, TODAY)
TAKES = {part.id: typical.seconds(INTAKE, part, HERS, typical.own(TODAY)) / 60 for part in INTAKE.sections}


def test_a_typical_patient_has_answered_all_that_is_asked_of_her():
    assert needs.missing(INTAKE, HERS) == ()


def test_no_part_takes_a_typical_patient_much_more_than_two_minutes():
    assert {name: minutes for name, minutes in TAKES.items() if minutes > LONGEST} == {}


def test_the_minutes_a_part_says_are_honest():
    """Never less than it takes her; more only where who has more to say needs it."""
    said = {part.id: part.minutes for part in INTAKE.sections}
    assert {name for name in said if not TAKES[name] - ROUNDING <= said[name] <= TAKES[name] + SAYS_MORE} == set()
    assert sum(TAKES.values()) <= sum(said.values()) <= 1.3 * sum(TAKES.values())


@pytest.mark.parametrize(("answer", "asked"), [("yes", True), ("not-sure", True), ("no", False)])
def test_a_new_pregnancy_is_asked_about(answer, asked):
    assert ("ob_preg_told" in shown(value(ob_preg_now=answer))) is asked
    assert ("ob_preg_due" in shown(value(ob_preg_now=answer))) is (answer == "yes")


def test_who_is_pregnant_is_not_asked_for_birth_control():
    assert "contra_method" not in shown(value(ob_preg_now="yes"))
    assert "contra_method" in shown(value(ob_preg_now="no"))


@pytest.mark.parametrize("much", ["spotting", "period", "heavier"])
def test_who_bleeds_is_asked_how_it_changed_and_heavy_bleeding_is_told_what_to_do(much):
    seen = shown(value(lochia_now=much))
    assert "lochia_change" in seen
    assert ("lochia_heavy_note" in seen) is (much == "heavier")
    assert "lochia_change" not in shown(value(lochia_now="none"))


def test_a_bulge_opens_what_is_asked_about_a_bulge():
    asked = {"pop_must_push", "pop_trouble"}
    assert asked.isdisjoint(shown(value(pop_bulge="never", pop_heavy=["heavy"])))
    assert all(asked <= shown(value(pop_bulge=often)) for often in ("sometimes", "most-days", "always"))


@pytest.mark.parametrize("spot", ["calf-left", "calf-right", "head"])
def test_a_sore_calf_or_head_brings_up_its_warning_wherever_it_is_named(spot):
    note = "head" if spot == "head" else "calf"
    site = {"pn_where": {"value": spot}, "pn_average": {"value": 1}}
    assert f"pn_{note}_note" in shown(value(pn_any="yes", pn_map=[spot]))
    assert f"pn_{note}_site_note" in shown(value(pn_any="yes", pn_sites=[site]))


def test_sharing_with_others_is_signed_only_where_somebody_was_named_for_it_and_ends_by_itself():
    member = {"id_care_role": {"value": "primary-care"}}
    assert "cons_release" not in shown(value(id_care_team=[member | value(id_care_share="no")]))
    assert "cons_release" in shown(value(id_care_team=[member | value(id_care_share="yes")]))
    assert INTAKE.by_id["cons_release"].codes == {"12-months", "3-months", "no"}


def test_money_is_agreed_to_on_a_page_of_its_own():
    pages = (page for section in INTAKE.sections for page in section.pages)
    page = next(page for page in pages if INTAKE.by_id["cons_finance"] in page.questions)
    assert len(page.questions) == 1


def test_no_page_asks_too_much_at_once():
    crowded = {
        page.title: len(page.questions)
        for section in INTAKE.sections
        for page in section.pages
        if len(page.questions) > MOST_ASKED or sum(q.need is not Need.OPTIONAL for q in page.questions) > MOST_REQUIRED
    }
    assert crowded == {}
