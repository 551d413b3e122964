"""A typical patient, and what her answers cost: she says what she is asked and passes by what she may leave out.

Eleven weeks ago she gave birth through the vagina and tore to the second degree. She feeds at the breast, leaks when
she coughs or lifts, is sore at the perineum, must not touch latex, and misses two things. Of what is optional she says
only what is about that.
"""

from __future__ import annotations

from datetime import date, timedelta

from intake.cli.demo.answers import Typed
from intake.cli.demo.people import day

WEEKS = 11


def own(today: date) -> Typed:
    """What she has to say, by the names of the fields."""
    return {
        "pre_private": "yes",
        "pre_who": "me",
        "rf_harm_self": "no",
        "rf_harm_baby": "no",
        "rf_unreal": "no",
        "id_language": "en",
        "id_interpreter": "no",
        "id_contact_methods": ["mobile", "text"],
        "id_safe_to_contact.mobile": "safe",
        "id_safe_to_contact.text": "safe",
        "id_voicemail_ok": "name-and-number",
        "id_portal_shared": "no",
        "id_emerg_name": "Pat Placeholder",
        "id_emerg_relation": "Sister",
        "id_emerg_phone": "555 0177",
        "id_emerg_say_clinic": "no",
        "ob_preg_now": "no",
        "ob_births.count": "1",
        **day("ob_births.0.birth_date", today - timedelta(weeks=WEEKS)),
        "ob_births.0.birth_mode": "vaginal",
        "ob_births.0.birth_tear": "second",
        "ob_births.0.birth_repair": "healed",
        "ob_births.0.birth_outcome": "living",
        "ob_more": "no",
        "feed_mode": "breast",
        "med_any": "no",
        "alg_any": "yes",
        "alg_known": ["latex"],
        "mh_infection_now": ["none"],
        "mh_smoke": "never",
        "mh_alcohol": "never",
        "mh_drugs": "never",
        "contra_could": "yes",
        "contra_method": ["condom"],
        "bl_day_voids": "9",
        "bl_nocturia": "1",
        "bl_urgency": "monthly",
        "bl_leak_any": "yes",
        "bl_leak_when": ["cough", "lift"],
        "bl_leak_freq": "few-weekly",
        "bl_leak_amt": "small",
        "bl_bother": "6",
        "bo_freq": "7",
        "bo_bristol": ["type-4"],
        "bo_urgency": "yes",
        "pn_any": "yes",
        "pn_neuro": ["none"],
        "pn_pelvis_map": ["perineum"],
        "pn_sites.count": "1",
        "pn_sites.0.pn_where": "perineum",
        "pn_sites.0.pn_average": "3",
        "sc_type": ["perineal"],
        "sc_closed": "yes",
        "ss_basics": ["none"],
        "fn_goal_top": "Run with the stroller again.",
        "fn_psfs.count": "2",
        "fn_psfs.0.fn_activity_name": "Run for 20 minutes",
        "fn_psfs.0.fn_rating": "2",
        "fn_psfs.1.fn_activity_name": "Lift the car seat",
        "fn_psfs.1.fn_rating": "4",
        "cons_treat": "agree",
        "cons_npp": "acknowledge",
        "cons_internal_info": "read",
        "cons_minor": "self",
        "cons_finance": "agree",
        "cons_ecomm_text": "yes",
    }
