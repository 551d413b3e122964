"""What findings contradict, lack or should be looked at again for."""

from __future__ import annotations

import pytest

from intake.clinical import examination, popq
from intake.clinical.examination import problems, warnings
from intake.forms import reader
from intake.forms.conditions import given
from intake.forms.measured import numbers, told_by

FORM = reader.load("evaluation", 2)


def said(**values):
    return {name: {"value": value} for name, value in values.items()}


def number(value, unit="cm"):
    return {"number": str(value), "unit": unit}


def refused(answers):
    return {name: text for name, text, _values in problems(FORM, answers)}


# How something was measured


@pytest.mark.parametrize(
    ("finding", "lacking"),
    [
        ({"br_excursion": number(5)}, {"br_position", "br_method"}),
        ({"ab_depth": number(1)}, {"ab_position"}),
        ({"ab_ird": {"at": {"ab_ird_rest": number(2)}}}, {"ab_position", "ab_ird_method"}),
        ({"hp_rom": {"flexion": {"hp_rom_left": number(100, "deg")}}}, {"hp_rom_method"}),
        ({"popq_c": number(-6)}, {"popq_position"}),
        ({"perfect_p": 3}, {"co_position"}),
        ({"pe_qtip": {"6": 0}}, {"co_position"}),
        ({"in_rectal_squeeze": 0}, {"co_position"}),
        ({"bf_rest": number(2, "uV")}, {"bf_position", "bf_electrode"}),
        ({"us_residual": number(0, "mL")}, {"us_position", "us_method"}),
        ({"lp_aslr": {"left": {"lp_aslr_plain": "0"}}}, set()),
    ],
)
def test_a_number_whose_position_or_method_nobody_recorded_is_not_signed(finding, lacking):
    assert set(refused(said(**finding))) == lacking
    told = {name: {"value": "supine"} for name in lacking}
    assert refused({**said(**finding), **told}) == {}


def test_position_and_method_are_asked_for_each_by_its_own_sentence():
    found = refused(said(br_excursion=number(5)))
    assert found == {"br_position": examination.NO_POSITION, "br_method": examination.NO_METHOD}


def test_what_was_not_examined_needs_no_position():
    assert refused({"br_excursion": {"status": "not-examined", "reason": "declined"}}) == {}
    assert refused(said(br_pattern="paradoxical")) == {}


EXAMPLES = {"number": number(1), "scale": 1, "group": [{}], "map": {"6": 1}, "grid": {}}


def test_every_page_that_is_told_by_a_question_is_held_to_it():
    pages = [page for section in FORM.sections for page in section.pages if told_by(page)]
    for page in pages:
        for finding in numbers(page):
            answers = {finding.id: {"value": EXAMPLES[finding.kind]}}
            assert set(refused(answers)) == set(told_by(page)), finding.id


# Rows that say two things


@pytest.mark.parametrize(
    ("question", "cells", "both"),
    [
        ("hp_rom", {"hp_rom_left": number(30, "deg"), "hp_rom_nt": "unable"}, False),
        ("hp_rom", {"hp_rom_left": number(30, "deg"), "hp_rom_right": number(9, "deg"), "hp_rom_nt": "unable"}, True),
        ("hp_mmt", {"hp_mmt_left": "4", "hp_mmt_nt": "declined"}, False),
        ("hp_mmt", {"hp_mmt_left": "4", "hp_mmt_right": "0", "hp_mmt_nt": "declined"}, True),
        ("hp_mmt", {"hp_mmt_nt": "declined"}, False),
        ("hp_mmt", {"hp_mmt_left": "4", "hp_mmt_right": "0"}, False),
        ("lp_aslr", {"lp_aslr_plain": "0", "lp_aslr_nt": "unable"}, True),
        ("lp_aslr", {"lp_aslr_plain": "0", "lp_aslr_aided": "0"}, False),
        ("lp_aslr", {"lp_aslr_nt": "unable"}, False),
        ("lp_slr", {"lp_slr_result": "neg", "lp_slr_nt": "unable"}, True),
        ("lp_rom", {"lp_rom_percent": number(0, "%"), "lp_rom_nt": "unable"}, True),
        ("lp_rom", {"lp_rom_pain": "yes", "lp_rom_nt": "unable"}, False),
    ],
)
def test_a_row_has_its_values_or_the_reason_there_are_none(question, cells, both):
    row = FORM.by_id[question].rows[1].code
    answers = said(**{question: {row: cells}}, hp_rom_method="visual")
    assert refused(answers) == ({f"{question}.{row}": examination.BOTH} if both else {})


# Ranges and contradictions


@pytest.mark.parametrize(
    ("motion", "most"),
    [("flexion", 140), ("extension", 30), ("external-rotation", 60), ("internal-rotation", 60), ("abduction", 60)],
)
def test_each_movement_of_the_hip_has_its_own_range(motion, most):
    def found(degrees):
        rows = {motion: {"hp_rom_left": number(0, "deg"), "hp_rom_right": number(degrees, "deg")}}
        return [(f, v) for f, _text, v in problems(FORM, said(hp_rom=rows, hp_rom_method="visual"))]

    assert found(most) == []
    assert [(field, v["most"]) for field, v in found(most + 1)] == [(f"hp_rom.{motion}.hp_rom_right", most)]


@pytest.mark.parametrize(("systolic", "diastolic", "wrong"), [(118, 74, False), (80, 80, True), (80, 81, True)])
def test_the_diastolic_pressure_lies_below_the_systolic(systolic, diastolic, wrong):
    answers = said(
        vi_bp_systolic=number(systolic, "mm[Hg]"), vi_bp_diastolic=number(diastolic, "mm[Hg]"),
        vi_position="sitting", vi_method="manual",
    )  # fmt: skip
    assert ("vi_bp_diastolic" in refused(answers)) == wrong


def test_a_peak_is_not_below_the_average_it_is_the_peak_of():
    how = said(bf_position="supine", bf_electrode="anal")
    assert refused(how | said(bf_work=number(12, "uV"), bf_peak=number(12, "uV"))) == {}
    assert refused(how | said(bf_work=number(12, "uV"), bf_peak=number("11.9", "uV"))) == {
        "bf_peak": examination.PEAK_BELOW
    }


def test_a_line_that_could_not_be_read_is_not_signed():
    assert set(refused(said(perfect_line="3/6/4"))) == {"perfect_line"}


# Looked at again


@pytest.mark.parametrize(
    ("systolic", "diastolic", "expected"),
    [
        (139, 89, {}),
        (140, 89, {"vi_bp_systolic": examination.OVER_140}),
        (139, 90, {"vi_bp_diastolic": examination.OVER_140}),
        (159, 109, {"vi_bp_systolic": examination.OVER_140}),
        (160, 88, {"vi_bp_systolic": examination.OVER_160}),
        (138, 110, {"vi_bp_diastolic": examination.OVER_160}),
    ],
)
def test_raised_pressure_after_a_birth_says_what_to_do(systolic, diastolic, expected):
    reading = said(vi_bp_systolic=number(systolic, "mm[Hg]"), vi_bp_diastolic=number(diastolic, "mm[Hg]"))
    assert warnings(FORM, reading) == expected


@pytest.mark.parametrize(
    ("value", "unit", "warned"),
    [("100.4", "[degF]", True), ("100.3", "[degF]", False), ("38.0", "Cel", True), ("37.9", "Cel", False)],
)
def test_fever_is_told_in_either_unit(value, unit, warned):
    assert ("vi_temperature" in warnings(FORM, said(vi_temperature=number(value, unit)))) == warned


@pytest.mark.parametrize(
    ("answers", "name", "text"),
    [
        (said(us_residual=number(150, "mL")), "us_residual", examination.RESIDUAL),
        (said(bf_hiatus=number("25.1", "cm2")), "bf_hiatus", examination.BALLOONING),
        (said(popq_bladder_empty="no"), "popq_bladder_empty", examination.BLADDER_FULL),
        (said(popq_tvl=number(5)), "popq_tvl", popq.LENGTH),
        (said(popq_c=number(-6), popq_d=number(-5)), "popq_d", popq.D_BELOW_C),
        (said(pe_body_length=number(3), popq_pb=number("3.5")), "popq_pb", examination.TWO_BODIES),
        (said(in_contraction="absent", perfect_p=2), "in_contraction", examination.ABSENT_YET_GRADED),
        (said(pe_qtip={"6": 4}, pe_qtip_pattern="none"), "pe_qtip_pattern", examination.NO_PAIN_YET_RATED),
        (said(pe_qtip={"6": 4}, pe_qtip_zone=["none"]), "pe_qtip_zone", examination.NO_PAIN_YET_RATED),
    ],
)
def test_what_is_unusual_is_said_beside_it_and_holds_nobody_up(answers, name, text):
    assert warnings(FORM, answers) == {name: text}
    assert name not in refused(answers)


@pytest.mark.parametrize(
    "answers",
    [
        said(us_residual=number(149, "mL")),
        said(bf_hiatus=number(25, "cm2")),
        said(pe_body_length=number(3), popq_pb=number("3.0")),
        said(in_contraction="absent", perfect_p=0),
        said(pe_qtip={"6": 0}, pe_qtip_pattern="none", pe_qtip_zone=["none"]),
        {},
    ],
)
def test_what_agrees_is_left_alone(answers):
    assert warnings(FORM, answers) == {}


@pytest.mark.parametrize(
    ("left", "right", "symmetry", "warned"),
    [
        ("3", "3", "equal", False),
        ("3-", "3", "equal", True),
        ("3-", "3", "left-weaker", False),
        ("3-", "3", "right-weaker", True),
        (None, "3", "equal", False),
    ],
)
def test_symmetry_and_the_grades_by_side_say_the_same(left, right, symmetry, warned):
    grades = {side: {"in_oxford_grade": grade} for side, grade in (("left", left), ("right", right)) if grade}
    answers = said(in_oxford=grades, in_symmetry=symmetry)
    assert ("in_symmetry" in warnings(FORM, answers)) == warned


def test_warnings_name_questions_of_the_form_only():
    readings = said(us_residual=number(400, "mL"), vi_temperature=number(102, "[degF]"))
    assert warnings(reader.load("evaluation", 1), said(us_residual=number(400, "mL"))) == {}
    assert set(warnings(FORM, readings)) == {"us_residual", "vi_temperature"}


def test_what_was_not_examined_is_neither_zero_nor_contradicted():
    unseen = {"status": "not-examined", "reason": "declined"}
    answers = dict.fromkeys(("vi_bp_systolic", "vi_bp_diastolic", "bf_work", "hp_rom", "popq_pb", "pe_qtip"), unseen)
    assert refused(answers) == {}
    assert warnings(FORM, answers) == {}
    assert given(unseen) is None
