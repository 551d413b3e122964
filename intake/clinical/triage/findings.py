"""Signs that several rules share, under the name a clinician would use."""

from __future__ import annotations

from typing import Final

from intake.clinical.obstetrics import SPHINCTER_INJURIES
from intake.clinical.triage.signs import (
    BornWithin,
    Entry,
    Fever,
    Number,
    Sign,
    all_of,
    any_of,
    other_than,
    row,
    ticked,
)

TWELVE_WEEKS: Final = 84  # days; the window of severe pre-eclampsia signs, a choice of this product
THREE_WEEKS: Final = 21
SIX_WEEKS: Final = 42
TWO_WEEKS: Final = 14  # an older blood pressure is news for the therapist, not for today; our choice
MANY_VOIDS: Final = 9  # more than 8 while awake

# May be left unanswered, and then count as neither yes nor no.
ASKED_GENTLY: Final = ("rf_harm_self", "rf_harm_baby", "rf_unreal")

FAINT: Final = ticked("rf_heart", "rf_faint")
LEGS_WEAK: Final = ticked("rf_legs", "rf_leg_weak")
NEW_BOWEL_LOSS: Final = ticked("rf_legs", "rf_bowel_new")
NEW_BOWEL_LEAK: Final = ticked("bo_leak_new", "yes")
NO_BLADDER_FEELING: Final = ticked("bl_sensation", "no")
PREGNANT: Final = ticked("ob_preg_now", "yes", "not-sure")
INFECTION: Final = other_than("mh_infection_now", "none")
HEAVY_BLEEDING: Final = ticked("rf_bleed", "heavy")

# A fever that is felt or told counts like one that was measured.
FEVER: Final = any_of(
    Fever("rf_temp"),
    ticked("rf_temp_taken", "not-taken-hot"),
    ticked("bl_uti_signs", "fever"),
)
SADDLE_NUMB: Final = any_of(ticked("rf_legs", "rf_saddle"), ticked("pn_neuro", "saddle"))
NUMBNESS: Final = any_of(SADDLE_NUMB, ticked("pn_neuro", "both-legs", "one-leg-numb"))
BACK_PAIN: Final = any_of(
    ticked("pn_map", "low-back"),
    Entry("pn_sites", ticked("pn_where", "low-back")),
)
STOOL_LEAK: Final = row("bo_leak", ("liquid", "solid"), "lt-monthly", "lt-weekly", "lt-daily", "daily")
SPHINCTER_INJURY: Final = Entry("ob_births", ticked("birth_tear", *SPHINCTER_INJURIES))

# Only a recent birth: a wound that opened years ago is history. A birth without a date counts as recent.
REPAIR_TROUBLE: Final = Entry(
    "ob_births",
    all_of(ticked("birth_repair", "opened", "infected"), BornWithin(TWELVE_WEEKS)),
)
OPEN_WOUND: Final = any_of(
    ticked("rf_belly", "rf_wound"),
    ticked("sc_closed", "no", "not-sure"),
    REPAIR_TROUBLE,
)
SEVERE_PRESSURE: Final = any_of(Number("mh_bp_sys", low=160), Number("mh_bp_dia", low=110))
RAISED_PRESSURE: Final = any_of(
    Number("mh_bp_sys", low=140, below=160),
    Number("mh_bp_dia", low=90, below=110),
)


def warnings(*but: str) -> Sign:
    """Any warning sign of the first check, but those of the heart that are named.

    What is not known to be harmless counts, so that a code no rule knows yet is not lost.
    """
    return any_of(
        other_than("rf_bleed", "none", "light", "period"),
        other_than("rf_heart", "none", *but),
        other_than("rf_head", "none"),
        other_than("rf_belly", "none"),
        other_than("rf_legs", "none"),
        Fever("rf_temp"),
        other_than("rf_temp_taken", "taken", "not-taken-fine"),
        *(other_than(question, "no") for question in ("rf_tired_extreme", *ASKED_GENTLY)),
        other_than("rf_other"),
    )


ANY_WARNING: Final = warnings()
