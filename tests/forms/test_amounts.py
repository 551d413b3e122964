"""Numbers as people write them at night: a fraction, no zero in front, the unit behind."""

from __future__ import annotations

import pytest

from intake.forms import amounts, reader
from intake.forms.model import Unit

UNITS = {child.id: child for child in reader.latest("bladder-diary").by_id["di_entries_1"].questions}[
    "di_drunk_1"
].units


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("7", "7"), (".5", "0.5"), ("-.5", "-0.5"), ("1,200", "1200"), ("3,5", "3.5"), ("1/2", "0.5"), ("1 1/2", "1.5"),
        ("2 / 3", "0.667"), ("1/8", "0.125"), ("12 3/4", "12.75"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_was_meant(written, plain):
    assert amounts.plain(written) == plain


@pytest.mark.parametrize(
    "written", ["", ".", "8.", "1/5", "3/2", "2/2", "120/80", "-1/2", "1 2", "1/2/3", "1e3", "ten"]
)
def test_what_could_be_something_else_is_no_number(written):
    assert amounts.plain(written) is None


@pytest.mark.parametrize(
    ("typed", "number", "word"),
    [
        ("\u00bd", "1/2", ""), ("1\u00bd cups", "1 1/2", "cups"), ("1 \u2153", "1  1/3", ""), ("8oz", "8", "oz"),
        ("8 fl. oz.", "8", "fl. oz"), ("98.6\u00b0F", "98.6", "F"), ("38\u00b0", "38", ""), ("50 %", "50", "%"),
        ("250", "250", ""), ("about 3", "", "about 3"), ("10\u00b2", "10", "\u00b2"),
        ("101.5 degrees", "101.5", ""), ("101.5 Degrees F", "101.5", "F"), ("102deg. F", "102", "F"),
        ("102 degF", "102", "F"), ("102 degree fahrenheit", "102", "fahrenheit"), ("10/day", "10", "/day"),
        ("3 / day", "3", "/ day"),
    ],
)  # fmt: skip
def test_the_word_behind_is_parted_from_the_number(typed, number, word):
    assert amounts.parted(typed) == (number, word)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("oz", "[foz_us]"), ("OZ.", "[foz_us]"), ("fl. oz", "[foz_us]"), ("ounces", "[foz_us]"), ("cup", "{cups}"),
        ("cups", "{cups}"), ("mL", "mL"), ("mls", "mL"),
    ],
)  # fmt: skip
def test_a_unit_is_known_by_the_names_people_give_it(word, code):
    assert amounts.named(UNITS, word).code == code


@pytest.mark.parametrize("word", ["spoons", "pounds", "f", "e3", "cup 2"])
def test_a_unit_the_question_does_not_have_is_none(word):
    assert amounts.named(UNITS, word) is None


@pytest.mark.parametrize(
    ("form", "question", "word", "code"),
    [
        ("intake", "rf_temp", "fahrenheit", "[degF]"), ("intake", "rf_temp", "Celsius", "Cel"),
        ("intake", "rf_temp", "centigrade", "Cel"),
        ("check-in", "ci_leaks", "times", "{times}/wk"), ("check-in", "ci_leaks", "time", "{times}/wk"),
        ("intake", "bl_day_voids", "times", "/d"), ("intake", "bl_day_voids", "a day", "/d"),
        ("intake", "bl_day_voids", "times per day", "/d"), ("intake", "bl_day_voids", "/ day", "/d"),
        ("intake", "bl_nocturia", "each night", "/d"), ("intake", "bo_freq", "a week", "/wk"),
        ("intake", "bl_pads", "pads", "/d"), ("intake", "bl_pads", "liners a day", "/d"),
        ("intake", "ss_nights_alone", "nights", "/wk"), ("intake", "mh_weight", "kilograms", "kg"),
    ],
)  # fmt: skip
def test_the_words_beside_the_field_and_those_of_the_question_mean_its_unit(form, question, word, code):
    assert amounts.named(reader.latest(form).by_id[question].units, word).code == code


@pytest.mark.parametrize("form", ["intake", "follow-up", "check-in", "bladder-diary"])
def test_what_stands_beside_a_field_may_be_written_into_it(form):
    for question in reader.latest(form).by_id.values():
        for unit in question.units:
            number, word = amounts.parted(f"2 {unit.text}")
            assert (number, amounts.named(question.units, word)) == ("2", unit), (question.id, unit.text)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("bl_nocturia", "a day"), ("bl_day_voids", "a week"), ("bl_day_voids", "pads"), ("bo_freq", "times a day"),
        ("ss_help_hours", "nights"), ("ss_help_hours", "hours a week"), ("rf_temp", "kelvin"),
    ],
)  # fmt: skip
def test_a_word_for_another_measure_than_the_question_has_is_none(question, word):
    assert amounts.named(reader.latest("intake").by_id[question].units, word) is None


INCHES, POUNDS, HOURS = Unit("[in_i]", "inches"), Unit("[lb_av]", "pounds"), Unit("h", "hours")


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("5'4\"", INCHES, "64"), ("5\u20324\u2033", INCHES, "64"), ("5\u20194", INCHES, "64"), ("5 ft 4", INCHES, "64"),
        ("5 Feet 4 Inches", INCHES, "64"), ("5ft", INCHES, "60"), ('64"', INCHES, "64"), ("8lb 4oz", POUNDS, "8.25"),
        ("8 lbs, 15 oz.", POUNDS, "8.938"), ("5:30", HOURS, "5.5"), ("5h30", HOURS, "5.5"),
        ("5 h 20 min", HOURS, "5.333"),
    ],
)  # fmt: skip
def test_two_parts_make_one_amount(typed, unit, number):
    assert amounts.compound([unit], typed) == (number, unit)


@pytest.mark.parametrize("typed", ["5'12\"", "8 lb 16 oz", "5:60", "5,4", "5 4", "64", "120/80", "8 lb", ""])
def test_what_is_not_two_parts_of_an_amount_is_left_alone(typed):
    assert amounts.compound([INCHES, POUNDS, HOURS], typed) is None


def test_an_amount_in_a_unit_that_is_not_offered_is_none():
    assert amounts.compound([HOURS], "5'4\"") is None
