"""Findings that "examined, within normal limits" cannot stand beside: each is out of its usual range by itself.

The mark is a statement under a signature about its whole section. What stands here is therefore plain alone: a finding
that careful people would call either way is in no list, and free words are never judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from intake.clinical import grades
from intake.clinical.values import value
from intake.forms.conditions import Answers, in_first_unit
from intake.forms.model import Form, Kind, Question, Section
from intake.forms.problems import N_

MARK = "_wnl"
OUT_OF_RANGE = N_("\u201cWithin normal limits\u201d stands beside findings that are not: %(findings)s. Change one.")
NOT_LOOKED_AT = N_("\u201cWithin normal limits\u201d stands beside \u201cNot examined\u201d alone. Keep one of both.")
NOT_EXAMINED = "not-examined"
NOT_TESTED = "_nt"  # the column of a table that says why its row was not tested

# Of one answer and of several: those that are out of the range.
ANSWERS: Mapping[str, frozenset[str]] = {
    "vi_gait": frozenset({"antalgic", "waddling", "trendelenburg"}),
    "vi_affect": frozenset({"anxious", "tearful", "flat"}),
    "br_pattern": frozenset({"upper-chest", "paradoxical", "breath-holding"}),
    "br_angle": frozenset({"narrow", "wide"}),
    "br_cough": frozenset({"bearing-down", "breath-hold"}),
    "br_pelvic_floor": frozenset({"reversed"}),
    "ab_tension": frozenset({"soft"}),
    "ab_doming": frozenset({"curl-up", "leg-lift", "cough"}),
    "ab_invagination": frozenset({"curl-up", "leg-lift", "cough"}),
    "ab_hernia": frozenset({"umbilical", "epigastric", "incisional"}),
    "ab_scar_closed": frozenset({"no"}),
    "ab_curl_grade": frozenset({"0", "1", "2", "3"}),
    "pe_skin": frozenset({"fissure", "dermatosis", "erythema", "edema", "varicosity"}),
    "pe_estrogen": frozenset({"pale", "thin"}),
    "pe_introitus": frozenset({"gaping"}),
    "pe_anus": frozenset({"gap", "dovetail", "hemorrhoids", "fissure"}),
    "pe_scar_closed": frozenset({"no"}),
    "pe_squeeze": frozenset({"no-movement", "bulge", "accessory"}),
    "pe_cough": frozenset({"descends", "leak"}),
    "pe_bear_down": frozenset({"contracts"}),
    "pe_anal_wink": frozenset({"absent", "equivocal"}),
    "pe_bulbocavernosus": frozenset({"absent", "equivocal"}),
    "pe_qtip_zone": frozenset({"vestibule-outer", "vestibule-inner", "labia", "perineum"}),
    "pe_qtip_pattern": frozenset({"provoked", "unprovoked", "mixed"}),
}

# Of the cells of a table, by column.
WEAK = frozenset(grades.GRADES[: grades.GRADES.index("4-")])
POSITIVE = frozenset({"pos"})
FELT_OTHERWISE = frozenset({"reduced", "increased", "absent"})
CELLS: Mapping[str, frozenset[str]] = {
    "lp_aslr_plain": frozenset("12345"),
    "lp_prov_left": POSITIVE,
    "lp_prov_right": POSITIVE,
    "lp_rom_pain": frozenset({"yes"}),
    "lp_slr_result": POSITIVE,
    "lp_slump_result": POSITIVE,
    "lp_reflex_left": frozenset({"0", "4+"}),
    "lp_reflex_right": frozenset({"0", "4+"}),
    "lp_derm_left": FELT_OTHERWISE,
    "lp_derm_right": FELT_OTHERWISE,
    "lp_myo_left": WEAK,
    "lp_myo_right": WEAK,
    "hp_mmt_left": WEAK,
    "hp_mmt_right": WEAK,
    "pe_touch_left": FELT_OTHERWISE,
    "pe_touch_right": FELT_OTHERWISE,
}

# Of numbers, in the first unit of their question.
NUMBERS: Mapping[str, Callable[[Decimal], bool]] = {
    "vi_bp_systolic": lambda mmhg: mmhg >= 140,  # noqa: PLR2004 - as examination.RAISED
    "vi_bp_diastolic": lambda mmhg: mmhg >= 90,  # noqa: PLR2004 - as examination.RAISED
    "vi_pulse": lambda beats: beats > 120,  # noqa: PLR2004 - too fast for a heart at rest
    "vi_oxygen": lambda percent: percent < 90,  # noqa: PLR2004 - too little wherever a clinic stands
    "vi_temperature": lambda degrees: degrees >= Decimal("100.4"),
    "ab_scar_pain": lambda pain: pain >= 4,  # noqa: PLR2004 - a fresh scar may be tender
    "pe_scar_pain": lambda pain: pain >= 4,  # noqa: PLR2004 - as ab_scar_pain
    "hp_coccyx": lambda pain: pain > 0,
    "hp_palpation_left": lambda pain: pain > 0,
    "hp_palpation_right": lambda pain: pain > 0,
    "us_residual": lambda amount: amount >= 150,  # noqa: PLR2004 - as examination.RESIDUAL_FROM
}
MARKED = frozenset({"pe_qtip", "pe_erythema", "hp_chart"})  # maps: a place that is marked, or rated above 0


def contradicted(form: Form, shown: Answers) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """(mark, text, values) for each section that is called normal, and by its own findings is not."""
    for section in form.sections:
        mark = next((q.id for q in section.questions() if q.id.endswith(MARK) and value(shown, q.id)), "")
        if not mark:
            continue
        found = [question.text for question in section.questions() if is_out_of_range(question, shown)]
        if found:
            yield mark, OUT_OF_RANGE, {"findings": "; ".join(found)}
        elif _is_unseen(section, shown):
            yield mark, NOT_LOOKED_AT, {}


def is_out_of_range(question: Question, shown: Answers) -> bool:
    """Whether what was found is out of its usual range."""
    found = value(shown, question.id)
    if found is None:
        return False
    if question.questions:
        return any(is_out_of_range(each, entry) for entry in found for each in question.questions)
    if question.columns:
        return any(_cell(column, cells[column.id]) for cells in found.values() for column in question.columns
                   if column.id in cells)  # fmt: skip
    if question.id in MARKED:
        return any(found.values()) if question.rated else bool(found)
    return _cell(question, found)


def _cell(question: Question, found: Any) -> bool:
    if question.id in NUMBERS:
        amount = in_first_unit(question, found) if question.kind is Kind.NUMBER else Decimal(found)
        return NUMBERS[question.id](amount)
    out = ANSWERS.get(question.id) or CELLS.get(question.id, frozenset())
    return any(isinstance(each, str) and each in out for each in (found if isinstance(found, list) else [found]))


def _is_unseen(section: Section, shown: Answers) -> bool:
    """Whether everything in the section was left out with its reason, so that nothing is left to be normal.

    The mark speaks of what has no answer of its own. One test that was deferred, declined or not indicated is therefore
    told beside it as it should be: the part is normal as far as it was examined.
    """
    asked = [
        question
        for page in section.pages
        for question in page.questions
        if question.examined and (question.id in shown or not (page.when.conditions or question.when.conditions))
    ]
    return bool(asked) and all(_is_left_out(question, shown) for question in asked)


def _is_left_out(question: Question, shown: Answers) -> bool:
    """Whether it says that it was not examined; of a table, whether each of its rows says so and nothing else."""
    if question.columns and (rows := value(shown, question.id)):
        told = [rows.get(row.code, {}) for row in question.rows]
        return all(cells and all(name.endswith(NOT_TESTED) for name in cells) for cells in told)
    return shown.get(question.id, {}).get("status") == NOT_EXAMINED
