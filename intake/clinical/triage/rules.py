"""The table of rules: when answers mean an emergency, a call today, or something to talk about.

E, S and D are the clinical rules; P marks those that are a choice of this product. One entry is one rule: a
later one needs an entry here, a message in messages.toml and a test. S14 is what is left of the warning signs
once the rules at S and above have taken theirs, so the engine works it out. Sources are with the messages.

Where a rule leaves room, it is read on the safe side. S9 also shows beside chest or breathing signs (E2).
Both legs weak or numb, told with the pain questions, is E7 by itself; weak legs alone in the first check
are S14.
A blood pressure dated more than 14 days ago is P2, for the therapist, and neither E3 nor S2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from intake.clinical.triage.findings import (
    BACK_PAIN,
    FAINT,
    FEVER,
    HEAVY_BLEEDING,
    INFECTION,
    LEGS_WEAK,
    MANY_VOIDS,
    NEW_BOWEL_LEAK,
    NEW_BOWEL_LOSS,
    NO_BLADDER_FEELING,
    NUMBNESS,
    OPEN_WOUND,
    PREGNANT,
    RAISED_PRESSURE,
    REPAIR_TROUBLE,
    SADDLE_NUMB,
    SEVERE_PRESSURE,
    SIX_WEEKS,
    SPHINCTER_INJURY,
    STOOL_LEAK,
    THREE_WEEKS,
    TWELVE_WEEKS,
    TWO_WEEKS,
    warnings,
)
from intake.clinical.triage.signs import (
    BornBefore,
    BornWithin,
    DayBefore,
    Entry,
    Number,
    Sign,
    all_of,
    any_of,
    ticked,
)


class Severity(IntEnum):
    """How soon a person needs care: now, today, or at the visit."""

    DISCUSS = 1
    SAME_DAY = 2
    EMERGENCY = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """Raised when its sign is found, whatever other rules say."""

    id: str
    severity: Severity
    sign: Sign


_EMERGENCY: Final[Mapping[str, Sign]] = {
    "E1": HEAVY_BLEEDING,
    "E2": any_of(
        ticked("rf_heart", "rf_chest", "rf_breath", "rf_seizure"),
        all_of(FAINT, warnings("rf_faint")),
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
        ),
    ),
    "E5": any_of(ticked("rf_harm_self", "plan"), ticked("rf_harm_baby", "might-act")),
    "E6": ticked("rf_unreal", "yes"),
    "E7": any_of(
        SADDLE_NUMB,
        ticked("pn_neuro", "both-legs"),
        all_of(LEGS_WEAK, any_of(BACK_PAIN, NUMBNESS)),
        all_of(
            any_of(NEW_BOWEL_LOSS, NEW_BOWEL_LEAK, NO_BLADDER_FEELING),
            any_of(LEGS_WEAK, BACK_PAIN, NUMBNESS),
        ),
    ),
    "E8": any_of(ticked("rf_legs", "rf_pee_none"), ticked("bl_empty", "cannot-pass")),
    "E10": ticked("rf_head", "rf_stroke"),
}

_SAME_DAY: Final[Mapping[str, Sign]] = {
    "S1": ticked("rf_harm_self", "thoughts"),
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
    "S6": ticked("bo_pain_bleed", "dark", "heavy"),
    "S8": ticked("pn_neuro", "one-leg-weak"),
    "S9": ticked("rf_legs", "rf_calf"),
    "S10": all_of(ticked("feed_problem", "red-hot"), FEVER),
    "S13": ticked("rf_harm_baby", "unwanted"),
    "P6": NEW_BOWEL_LEAK,
    "P8": NO_BLADDER_FEELING,
}

_DISCUSS: Final[Mapping[str, Sign]] = {
    "D3": Entry("ob_births", Number("birth_feeling", below=4)),
    "D4": any_of(
        Number("sx_marinoff", low=1),
        Number("sx_pain_nprs", low=4),
    ),
    "D5": ticked("bl_leak_when", "constant"),
    "D6": any_of(STOOL_LEAK, NEW_BOWEL_LOSS, NEW_BOWEL_LEAK, SPHINCTER_INJURY),
    "D9": PREGNANT,
    "D11": ticked("pn_night_rest", "wakes", "no-position", "weight-loss", "cancer-history"),
    "D12": any_of(
        ticked("mh_implants", "pacemaker", "nerve-stimulator"),
        ticked("mh_conditions", "cancer-pelvic"),
        PREGNANT,
        INFECTION,
        OPEN_WOUND,
        HEAVY_BLEEDING,
        NO_BLADDER_FEELING,
        SADDLE_NUMB,
    ),
    "D13": any_of(
        BornWithin(SIX_WEEKS - 1, unknown=False, shows=("ob_births",)),
        OPEN_WOUND,
        INFECTION,
        HEAVY_BLEEDING,
        ticked("ti_internal", "never", "not-today"),
    ),
    "D15": Entry("ob_births", ticked("birth_outcome", "stillborn", "died-later")),
    "P2": all_of(
        any_of(Number("mh_bp_sys", low=140), Number("mh_bp_dia", low=90)),
        DayBefore("mh_bp_date", TWO_WEEKS),
    ),
    "P7": Entry("pn_sites", Number("pn_average", low=7)),
}

RULES: Final = (
    *(Rule(name, Severity.EMERGENCY, sign) for name, sign in _EMERGENCY.items()),
    *(Rule(name, Severity.SAME_DAY, sign) for name, sign in _SAME_DAY.items()),
    *(Rule(name, Severity.DISCUSS, sign) for name, sign in _DISCUSS.items()),
)
