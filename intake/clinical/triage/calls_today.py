"""When answers mean a call today: the clinical rules S1 to S13, without S11 and S12 (see safety.py), and ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from intake.clinical.triage.findings import (
    BACK_BRIGHT_RED,
    BOWEL_BLEEDING,
    CANNOT_PEE,
    EIGHT_WEEKS,
    FEVER,
    HEAVIER_THAN_A_PERIOD,
    HEAVY_BLEEDING,
    MANY_VOIDS,
    NEW_BOWEL_LEAK,
    NO_BLADDER_FEELING,
    RACING_OR_SLEEPLESS,
    RAISED_PRESSURE,
    REPAIR_TROUBLE,
    THREE_WEEKS,
    TWO_WEEKS,
)
from intake.clinical.triage.signs import BornBefore, DayBefore, Item, Number, Sign, Total, all_of, any_of, ticked

CALLS_TODAY: Final[Mapping[str, Sign]] = {
    "S1": any_of(
        ticked("rf_harm_self", "thoughts"),
        Item("phq-9", "9", low=1, below=3),
        Item("epds", "10", low=1),
    ),
    "S1b": any_of(
        Total("phq-9", 9, low=20),
        Total("gad-7", 7, low=15),
        Total("epds", 10, low=20),
        RACING_OR_SLEEPLESS,
    ),
    "S2": all_of(RAISED_PRESSURE, DayBefore("mh_bp_date", TWO_WEEKS, holds=False)),
    "S3": any_of(
        ticked("rf_belly", "rf_wound"),
        all_of(ticked("sc_closed", "no"), BornBefore(THREE_WEEKS)),
        REPAIR_TROUBLE,
    ),
    "S4": any_of(FEVER, ticked("rf_belly", "rf_discharge", "rf_vomit"), ticked("bl_uti_signs", "flank")),
    "S5": any_of(
        ticked("bl_uti_signs", "blood"),
        all_of(
            ticked("bl_uti_signs", "burning"),
            any_of(Number("bl_day_voids", low=MANY_VOIDS), ticked("bl_uti_signs", "flank", "fever")),
        ),
    ),
    "S6": BOWEL_BLEEDING,
    "S7": all_of(
        ticked("pop_must_push", "cannot"),
        any_of(ticked("pop_trouble", "pain", "bleeding"), CANNOT_PEE, HEAVY_BLEEDING),
    ),
    "S8": ticked("pn_neuro", "one-leg-weak"),
    "S9": ticked("rf_legs", "rf_calf"),
    "S10": all_of(any_of(ticked("feed_problem", "red-hot"), ticked("feed_after_loss", "red-hot")), FEVER),
    "S13": any_of(ticked("rf_harm_baby", "unwanted"), ticked("md_intrusive", "horrify")),
    "P6": NEW_BOWEL_LEAK,
    "P8": NO_BLADDER_FEELING,
    "P9": any_of(
        ticked("lochia_change", "more-now"),
        all_of(HEAVIER_THAN_A_PERIOD, any_of(BornBefore(EIGHT_WEEKS), BACK_BRIGHT_RED)),
    ),
}
