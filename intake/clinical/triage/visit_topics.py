"""What to talk about before or at the visit: the clinical rules D1 to D15, and ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from intake.clinical.triage.findings import (
    BACK_BRIGHT_RED,
    BLEEDING_AFTER_SEX,
    HEAVIER_THAN_A_PERIOD,
    HEAVY_BLEEDING,
    INFECTION,
    LATE_BLEEDING,
    LOW_MOOD,
    NEW_BOWEL_LEAK,
    NEW_BOWEL_LOSS,
    NO_BLADDER_FEELING,
    OPEN_WOUND,
    PREGNANT,
    SADDLE_NUMB,
    SIX_WEEKS,
    SPHINCTER_INJURY,
    STOOL_LEAK,
    THREE_WEEKS,
    TWELVE_WEEKS,
    TWO_WEEKS,
    UNEXPLAINED_BLEEDING,
)
from intake.clinical.triage.signs import (
    BornBefore,
    BornWithin,
    DayBefore,
    Entry,
    Number,
    Sign,
    Total,
    all_of,
    any_of,
    ticked,
)

VISIT_TOPICS: Final[Mapping[str, Sign]] = {
    "D1": any_of(LOW_MOOD, Total("phq-9", 9, low=10, below=20), Total("epds", 10, low=10)),
    "D2": Total("gad-7", 7, low=10, below=15),
    "D3": any_of(
        Entry("ob_births", Number("birth_feeling", below=4)),
        ticked("md_ptsd", "yes"),
        Total("pc-ptsd-5", 5, low=3),
    ),
    "D4": any_of(
        Number("sx_marinoff", low=1),
        Number("sx_pain_nprs", low=4),
    ),
    "D5": ticked("bl_leak_when", "constant"),
    "D6": any_of(STOOL_LEAK, NEW_BOWEL_LOSS, NEW_BOWEL_LEAK, SPHINCTER_INJURY),
    "D7": any_of(LATE_BLEEDING, BACK_BRIGHT_RED),
    "D8": all_of(
        ticked("contra_method", "none"),
        ticked("contra_could", "yes", "not-sure"),
        BornBefore(THREE_WEEKS - 1),
    ),
    "D9": PREGNANT,
    "D10": all_of(LOW_MOOD, any_of(Number("slp_longest_h", below=3), ticked("slp_cannot", "yes"))),
    "D11": any_of(
        ticked("pn_night_rest", "wakes", "no-position", "weight-loss", "cancer-history"),
        all_of(BLEEDING_AFTER_SEX, BornBefore(TWELVE_WEEKS)),
    ),
    "D12": any_of(
        ticked("mh_implants", "pacemaker", "nerve-stimulator", "not-sure"),
        ticked("mh_conditions", "cancer-pelvic"),
        PREGNANT,
        INFECTION,
        OPEN_WOUND,
        UNEXPLAINED_BLEEDING,
        NO_BLADDER_FEELING,
        SADDLE_NUMB,
    ),
    "D13": any_of(
        BornWithin(SIX_WEEKS - 1, unknown=False, shows=("ob_births",)),
        OPEN_WOUND,
        INFECTION,
        HEAVY_BLEEDING,
        HEAVIER_THAN_A_PERIOD,
        ticked("ob_preg_told", "previa", "waters", "bleeding"),
        ticked("ti_internal", "never", "not-today"),
        ticked("cons_internal_info", "no-exam"),
    ),
    "D14": ticked("ss_basics", "food", "housing", "transport", "money"),
    "D15": Entry("ob_births", ticked("birth_outcome", "stillborn", "died-later")),
    "P2": all_of(
        any_of(Number("mh_bp_sys", low=140), Number("mh_bp_dia", low=90)),
        DayBefore("mh_bp_date", TWO_WEEKS),
    ),
    "P7": Entry("pn_sites", Number("pn_average", low=7)),
}
