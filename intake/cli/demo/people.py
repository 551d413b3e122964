"""Plainly fictional people, and what they say and find. Field names are those of the forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from intake.cli.demo.answers import Typed

WEEKS_SINCE_BIRTH = 11


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who signs in to the demo clinic."""

    name: str
    email: str
    roles: tuple[str, ...]
    credentials: str = ""

    @property
    def nick(self) -> str:
        """What stands before the @."""
        return self.email.partition("@")[0]


STAFF = (
    Staff("Tess Therapist", "tess@fernleaf.example", ("therapist",), "PT, DPT"),
    Staff("Frankie Frontdesk", "frankie@fernleaf.example", ("front-desk",)),
    Staff("Ada Admin", "ada@fernleaf.example", ("admin",)),
    Staff("Perry Privacylead", "perry@fernleaf.example", ("privacy-lead",)),
)
MAIN, LATER, FLAGGED = "Sample Person", "Robin Example", "Testa Mockford"
BORN = date(1993, 4, 27)


def day(name: str, value: date) -> Typed:
    """The three boxes of a date."""
    return {f"{name}.month": str(value.month), f"{name}.day": str(value.day), f"{name}.year": str(value.year)}


def intake(today: date) -> Typed:
    """What Sample Person answers: eleven weeks after a vaginal birth with a second-degree tear."""
    return {
        "pre_private": "yes",
        "pre_who": "me",
        "rf_temp_taken": "not-taken-fine",
        "rf_harm_self": "no",
        "rf_harm_baby": "no",
        "id_pronouns": "she",
        "id_contact_methods": ["mobile", "text"],
        "id_safe_to_contact.mobile": "safe",
        "id_safe_to_contact.text": "safe",
        "id_voicemail_ok": "name-and-number",
        "id_emerg_name": "Pat Placeholder",
        "id_emerg_relation": "Sister",
        "id_emerg_phone": "555 0177",
        "id_emerg_say_clinic": "no",
        "id_partner_invite": "maybe",
        "id_referral": "self",
        "ob_preg_now": "no",
        "ob_births.count": "1",
        **day("ob_births.0.birth_date", today - timedelta(weeks=WEEKS_SINCE_BIRTH)),
        "ob_births.0.birth_mode": "vaginal",
        "ob_births.0.birth_tear": "second",
        "ob_births.0.birth_episiotomy": "none",
        "ob_births.0.birth_repair": "healed",
        "ob_births.0.birth_outcome": "living",
        "ob_births.0.birth_stage2_min": "95",
        "ob_births.0.birth_feeling": "6",
        "ob_g": "1",
        "ob_t": "1",
        "ob_p": "0",
        "ob_a": "0",
        "ob_l": "1",
        "feed_mode": "breast",
        "feed_problem": ["none"],
        "slp_longest_h": "3.5",
        "slp_total_h": "6.5",
        "alg_any": "yes",
        "alg_known": ["latex"],
        "alg_reaction": "Itchy red skin",
        "bl_day_voids": "9",
        "bl_nocturia": "1",
        "bl_urgency": "weekly",
        "bl_leak_any": "yes",
        "bl_leak_when": ["cough", "lift"],
        "bl_leak_freq": "few-weekly",
        "bl_leak_amt": "small",
        "bl_bother": "6",
        "bl_sensation": "yes",
        "bo_freq": "7",
        "bo_bristol": ["type-4"],
        "bo_urgency": "yes",
        "pn_any": "yes",
        "pn_map": ["low-back"],
        "pn_pelvis_map": ["perineum"],
        "pn_sites.count": "1",
        "pn_sites.0.pn_where": "perineum",
        "pn_sites.0.pn_average": "3",
        "pn_sites.0.pn_worst": "5",
        "pn_sites.0.pn_pattern": "comes-goes",
        "sc_type": ["perineal"],
        "sc_closed": "yes",
        "sc_symptoms": ["pulling"],
        "sx_ok_to_ask": "in-person",
        "rel_in": "~in-person",
        "ns_now": "wired",
        "fn_goal_top": "Run with the stroller again without thinking about where the next toilet is.",
        "fn_psfs.count": "2",
        "fn_psfs.0.fn_activity_name": "Run for 20 minutes",
        "fn_psfs.0.fn_rating": "2",
        "fn_psfs.1.fn_activity_name": "Lift the car seat",
        "fn_psfs.1.fn_rating": "4",
        "ti_talk_first": "yes",
        "ti_internal": "open",
        "ti_chaperone": "no",
        "ti_stop_word": "pause",
        "ex_hope": "A plan I can do while the baby naps.",
        "ex_worry": "That it will hurt.",
        "ex_time": "10",
        "cons_treat": "agree",
        "cons_npp": "acknowledge",
        "cons_ecomm_text": "yes",
        "cons_internal_info": "read",
    }


def warning(today: date) -> Typed:
    """What Testa Mockford answers: a swollen calf, so that the worklist has something to show."""
    return {**intake(today), "rf_legs": ["rf_calf"], "fn_goal_top": "Carry my toddler up the stairs."}


def consent() -> Typed:
    """What Tess writes down before an internal examination."""
    return {
        "co_exam_type": ["external", "vaginal"],
        "co_explained": ["purpose", "steps", "alternatives", "risks", "benefits"],
        "co_capacity": "yes",
        "co_interpreter": "no",
        "chaperone_offered": "yes",
        "chaperone_outcome": "declined",
        "co_gender_pref_met": "no-preference",
        "co_stop_signal": "pause",
        "co_external_decision": "yes",
        "co_external_time": "09:18",
        "co_external_start": "09:20",
        "co_external_form": "verbal",
        "co_vaginal_decision": "yes",
        "co_vaginal_time": "09:20",
        "co_vaginal_start": "09:25",
        "co_vaginal_form": "verbal",
        "co_position": "supine",
        "co_latex_checked": "yes",
        "co_glove": "nitrile",
        "co_lubricant": "water",
    }


def findings(today: date) -> Typed:
    """What Tess finds, concludes and agrees with Sample Person."""
    return {
        "vi_bp_systolic": "118",
        "vi_bp_diastolic": "74",
        "vi_bp_side": "left",
        "vi_pulse": "72",
        "vi_position": "sitting",  # asked once there is a value
        "vi_method": "automated",
        "vi_wnl": ["wnl"],
        "br_wnl": ["wnl"],
        "br_pattern": "diaphragmatic",
        "ab_position": "supine",
        "ab_ird_method": "caliper",
        "ab_ird.at.ab_ird_rest": "2.0",
        "ab_ird.at.ab_ird_curl": "1.6",
        "lp_aslr.left.lp_aslr_plain": "1",
        "lp_aslr.right.lp_aslr_plain": "0",
        "lp_provocation.p4.lp_prov_left": "neg",
        "lp_provocation.p4.lp_prov_right": "neg",
        "hp_mmt.hip-abduction.hp_mmt_left": "4",
        "hp_mmt.hip-abduction.hp_mmt_right": "4+",
        "pe_squeeze": "lift",
        "in_contraction": "weak",
        "in_lift": "lift",
        "in_relaxation": "complete",
        "perfect_p": "3",
        "perfect_e": "6",
        "perfect_r": "4",
        "perfect_f": "7",
        "in_tenderness.superficial-left.in_tender_nprs": "3",
        "in_tenderness.superficial-right.in_tender_nprs": "1",
        "popq_position": "supine",
        "popq_cervix": "yes",
        "popq_aa": "-1",
        "popq_ba": "-1",
        "popq_c": "-6",
        "popq_d": "-8",
        "popq_ap": "-2",
        "popq_bp": "-2",
        "popq_gh": "3.5",
        "popq_pb": "3",
        "popq_tvl": "9",
        "im_factors": ["underactive", "scar"],
        "im_irritability": "low",
        "im_impression": (
            "Stress urinary incontinence with reduced endurance of the pelvic floor muscles, and a tender, mildly "
            "adhered perineal scar, 11 weeks after birth. Good potential with a graded program."
        ),
        "dx.count": "1",
        "dx.0.dx_code": "N39.3",
        "poc_plan": "new",
        "poc_type": ["exercise", "neuromuscular", "manual"],
        "poc_amount": "1",
        "poc_frequency": "1",
        "poc_frequency.unit": "/wk",
        "poc_duration": "10",
        "poc_agreed": "yes",
        "poc_certified": "no",
        "goal.count": "1",
        "goal.0.goal_term": "short",
        "goal.0.goal_text": "Walk for 30 minutes with a dry pad on 7 of 7 days",
        "goal.0.goal_measure": "Pad diary",
        "goal.0.goal_baseline": "10 minutes, 3 of 7 days dry",
        "goal.0.goal_target": "30 minutes, 7 of 7 days dry",
        **day("goal.0.goal_due", today + timedelta(weeks=8)),
    }


def plan() -> Typed:
    """What Tess puts into the plan."""
    chosen = ("floor-lift-lying", "belly-breathing", "sit-to-stand")
    return {
        "cp_exercises.count": str(len(chosen)),
        **{f"cp_exercises.{number}.cp_exercise": name for number, name in enumerate(chosen)},
        "cp_habits": (
            "Squeeze and lift before you cough or lift the car seat.\nDrink when you are thirsty; do not cut down."
        ),
        "cp_topics": ["strength", "perineal-scar"],
        "cp_next_visit": "In 2 weeks, same time",
        "cp_measured_by": "The same 2 activities, rated again",
    }
