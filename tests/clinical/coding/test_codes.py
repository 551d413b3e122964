"""Codes: how they are written, what stands on a day, what is a heading, what is never offered, what is kept apart."""

from __future__ import annotations

from datetime import date

import pytest

from intake.clinical.coding import codes
from intake.clinical.coding.codes import Code

VISIT = date(2026, 11, 23)
HEADINGS = [
    "R10.2",
    "N39.4",
    "N39.49",
    "N81.1",
    "N81.8",
    "N94.1",
    "N94.8",
    "N94.81",
    "F52.2",
    "M62.0",
    "M62.8",
    "M54.5",
    "M25.55",
    "M99.0",
    "O70.2",
    "O86.0",
    "O90.8",
    "R15",
    "K59.0",
]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("N39.3 Stress incontinence (female) (male)", "N39.3"),
        (" n3941", "N39.41"),
        ("r32", "R32"),
        ("T74.11XA", "T74.11XA"),
        ("m53.2x7 instabilities", "M53.2X7"),
        ("stress incontinence", ""),
        ("N39.31234", ""),
        ("97110", ""),
        ("", ""),
    ],
)
def test_a_diagnosis_is_known_by_how_it_begins(typed, code):
    assert codes.diagnosis(typed) == code


@pytest.mark.parametrize(
    ("typed", "code"), [("97110 exercise", "97110"), ("g0283", "G0283"), ("971100", ""), ("x", "")]
)
def test_a_procedure_is_known_by_how_it_begins(typed, code):
    assert codes.procedure(typed) == code


def test_the_list_that_comes_along_is_whole_and_each_code_stands_once():
    names = [each.code for each in codes.ours()]
    assert len(names) == len(set(names)) == 187
    assert all(codes.diagnosis(name) == name for name in names)


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_is_known_as_one(heading):
    assert codes.is_heading(heading, codes.built_in(VISIT).diagnoses)
    assert heading not in {each.code for each in codes.ours()}


def test_no_code_of_the_list_is_a_heading():
    known = codes.built_in(VISIT).diagnoses
    assert [code for code in known if codes.is_heading(code, known)] == []


def test_a_full_set_says_itself_what_is_a_heading():
    known = {"A00": Code("A00", "Cholera", VISIT, is_heading=True), "B99": Code("B99", "Other", VISIT)}
    assert codes.is_heading("A00", known)
    assert not codes.is_heading("B99", known)


def test_a_code_stands_from_its_first_to_its_last_day():
    code = Code("97110", "Exercise", date(2026, 1, 1), date(2026, 12, 31))
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [code.is_valid(day) for day in days] == [False, True, True, False]
    assert Code("97110", "Exercise", date(2026, 1, 1)).is_valid(date.max)


def test_pelvic_pain_by_side_stands_since_october_2025():
    assert "R10.21" not in codes.built_in(date(2025, 9, 30)).diagnoses
    assert "R10.21" in codes.built_in(date(2025, 10, 1)).diagnoses


def test_of_two_that_overlap_the_later_one_counts():
    old, new = Code("97110", "Old", date(2025, 1, 1)), Code("97110", "New", date(2026, 1, 1))
    for found in ([old, new], [new, old]):
        assert codes.on_day(found, VISIT)["97110"].title == "New"
        assert codes.on_day(found, date(2025, 6, 1))["97110"].title == "Old"


@pytest.mark.parametrize("code", ["Z37.0", "Z37.9", "Z3A.40", "Z39.2"])
def test_what_belongs_to_others_is_never_offered(code):
    assert not codes.is_offered(code)


def test_anything_else_of_the_list_is_offered():
    assert {each.code for each in codes.ours() if not codes.is_offered(each.code)} == {"Z37.0", "Z37.9", "Z39.2"}


@pytest.mark.parametrize(
    "code", ["T74.11XA", "T76.11XA", "Z91.410", "Z91.411", "Z69.11", "F52.0", "F52.6", "Z63.0", "Z70.8"]
)
def test_what_could_tell_a_partner_is_kept_apart(code):
    assert codes.is_apart(code)


@pytest.mark.parametrize(
    "code",
    ["O9A.33", "O9A.43", "O9A.53", "Y07.01", "Y07.9", "Z04.41", "Z04.71", "Z62.810", "Z69.12", "Z69.81", "Z91.42"],
)
def test_what_tells_of_abuse_or_by_whom_is_kept_apart(code):
    assert codes.is_apart(code)


@pytest.mark.parametrize(
    "code",
    ["F53.0", "F32.A", "F33.1", "F41.9", "F43.10", "F11.20", "R45.851", "O90.6", "O99.345", "T14.91XA", "Z91.51"],
)
def test_mental_health_is_kept_apart(code):
    assert codes.is_apart(code)


@pytest.mark.parametrize("code", ["N94.11", "O9A.11", "O90.89", "O99.89", "Z71.89", "Z91.19", "Z04.9", "R37"])
def test_other_codes_are_not_kept_apart(code):
    assert not codes.is_apart(code)
