"""Signs that several rules share, under the name a clinician would use."""

from __future__ import annotations

from typing import Final

from intake.clinical.obstetrics import SPHINCTER_INJURIES
from intake.clinical.triage.signs import (
    BornBefore,
    BornWithin,
    Entry,
    Fever,
    Number,
    Sign,
    Total,
    all_of,
    any_of,
    other_than,
    row,
    ticked,
    without,
)

TWELVE_WEEKS: Final = 84  # days; the window of severe pre-eclampsia signs, a choice of this product
EIGHT_WEEKS: Final = 56
SIX_WEEKS: Final = 42
THREE_WEEKS: Final = 21
TWO_WEEKS: Final = 14  # an older blood pressure is news for the therapist, not for today; our choice
MANY_VOIDS: Final = 9  # more than 8 while awake

# May be left unanswered, and then count as neither yes nor no.
ASKED_GENTLY: Final = ("rf_harm_self", "rf_harm_baby", "rf_unreal")
# The items of measures that speak of self-harm: they act alone, and staff see when one was left out.
SELF_HARM_ITEMS: Final = (("phq-9", "9"), ("epds", "10"))

# ---------------------------------------------------------------- body

FAINT: Final = ticked("rf_heart", "rf_faint")
LEGS_WEAK: Final = ticked("rf_legs", "rf_leg_weak")
NEW_BOWEL_LOSS: Final = ticked("rf_legs", "rf_bowel_new")
NEW_BOWEL_LEAK: Final = ticked("bo_leak_new", "yes")
NO_BLADDER_FEELING: Final = ticked("bl_sensation", "no")
PREGNANT: Final = ticked("ob_preg_now", "yes", "not-sure")
INFECTION: Final = other_than("mh_infection_now", "none")

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

CANNOT_PEE: Final = any_of(
    ticked("rf_legs", "rf_pee_none"),
    ticked("bl_empty", "cannot-pass"),
    ticked("pop_trouble", "cannot-pee"),
)
# A bladder that never empties runs over: it leaks without notice, or all the time.
OVERFLOW: Final = any_of(
    all_of(ticked("bl_empty", "not-empty"), ticked("bl_leak_when", "constant")),
    all_of(NO_BLADDER_FEELING, ticked("bl_leak_when", "constant", "unnoticed")),
)

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

# ---------------------------------------------------------------- bleeding

HEAVY_BLEEDING: Final = ticked("rf_bleed", "heavy")
HEAVIER_THAN_A_PERIOD: Final = ticked("lochia_now", "heavier")
BACK_BRIGHT_RED: Final = ticked("lochia_change", "stopped-back-red")
LATE_BLEEDING: Final = all_of(
    ticked("lochia_now", "spotting", "period", "heavier"),
    without("mens_returned", "yes"),
    BornBefore(EIGHT_WEEKS),
)
BLEEDING_AFTER_SEX: Final = ticked("sx_bleed_after", "yes")
BOWEL_BLEEDING: Final = ticked("bo_pain_bleed", "dark", "heavy")
UNEXPLAINED_BLEEDING: Final = any_of(
    HEAVY_BLEEDING,
    HEAVIER_THAN_A_PERIOD,
    LATE_BLEEDING,
    BACK_BRIGHT_RED,
    BLEEDING_AFTER_SEX,
    BOWEL_BLEEDING,
    ticked("pop_trouble", "bleeding"),
)

# ---------------------------------------------------------------- mind

# The first two items of a PHQ-9 are a PHQ-2.
LOW_MOOD: Final = any_of(Total("phq-2", 2, low=3), Total("phq-9", 2, low=3))
RACING_OR_SLEEPLESS: Final = ticked("md_psychosis", "racing-mind", "barely-sleeps-not-tired")
PSYCHOSIS_HISTORY: Final = any_of(
    ticked("md_hx", "yes-me", "yes-family"),
    ticked("mh_conditions", "bipolar", "psychosis"),
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
ANOTHER_WARNING: Final = warnings("rf_faint")
