"""When answers mean an emergency: the clinical rules E1 to E10, without E9 (see safety.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from intake.clinical.triage.findings import (
    ANOTHER_WARNING,
    BACK_PAIN,
    CANNOT_PEE,
    FAINT,
    FEVER,
    HEAVY_BLEEDING,
    LEGS_WEAK,
    NEW_BOWEL_LEAK,
    NEW_BOWEL_LOSS,
    NO_BLADDER_FEELING,
    NUMBNESS,
    OVERFLOW,
    PSYCHOSIS_HISTORY,
    RACING_OR_SLEEPLESS,
    SADDLE_NUMB,
    SEVERE_PRESSURE,
    TWELVE_WEEKS,
    TWO_WEEKS,
)
from intake.clinical.triage.signs import BornWithin, DayBefore, Item, Sign, all_of, any_of, ticked

EMERGENCIES: Final[Mapping[str, Sign]] = {
    "E1": HEAVY_BLEEDING,
    "E2": any_of(
        ticked("rf_heart", "rf_chest", "rf_breath", "rf_seizure"),
        all_of(FAINT, ANOTHER_WARNING),
    ),
    "E3": any_of(
        all_of(SEVERE_PRESSURE, DayBefore("mh_bp_date", TWO_WEEKS, holds=False)),
        all_of(
            any_of(
                ticked("rf_head", "rf_headache", "rf_vision", "rf_swell_face_hands"),
                ticked("rf_belly", "rf_ruq"),
            ),
            BornWithin(TWELVE_WEEKS),
        ),
        all_of(ticked("rf_head", "rf_headache"), ticked("rf_head", "rf_vision")),
    ),
    "E4": all_of(
        FEVER,
        any_of(
            ticked("rf_heart", "rf_faint", "rf_breath", "rf_chest"),  # rf_chest includes a racing heart
            ticked("rf_belly", "rf_ruq", "rf_vomit"),
            ticked("rf_tired_extreme", "yes"),
            ticked("rf_unreal", "yes"),
            ticked("md_psychosis", "confused"),
        ),
    ),
    "E5": any_of(
        ticked("rf_harm_self", "plan"),
        ticked("rf_harm_baby", "might-act"),
        ticked("md_intrusive", "might-act"),
        Item("phq-9", "9", low=3),
    ),
    "E6": any_of(
        ticked("rf_unreal", "yes"),
        ticked("md_psychosis", "sees-hears", "watched-messages", "confused"),
        all_of(ticked("md_psychosis", "racing-mind"), ticked("md_psychosis", "barely-sleeps-not-tired")),
        all_of(RACING_OR_SLEEPLESS, PSYCHOSIS_HISTORY),
    ),
    "E7": any_of(
        SADDLE_NUMB,
        ticked("pn_neuro", "both-legs"),
        all_of(LEGS_WEAK, any_of(BACK_PAIN, NUMBNESS)),
        all_of(
            any_of(NEW_BOWEL_LOSS, NEW_BOWEL_LEAK, NO_BLADDER_FEELING),
            any_of(LEGS_WEAK, BACK_PAIN, NUMBNESS),
        ),
    ),
    "E8": any_of(CANNOT_PEE, OVERFLOW),
    "E10": ticked("rf_head", "rf_stroke"),
}
