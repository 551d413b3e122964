"""Text, numbers and dates as people type them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from intake.forms import plain, reader
from intake.forms.model import Kind, Question, Tier, Unit
from intake.forms.problems import MalformedError, Problem

TODAY = date(2026, 9, 15)
HER_BIRTHDAY = date(1993, 4, 27)
LB = Unit("[lb_av]", "lb", Decimal("0.45359237"))
KG = (Unit("kg", "kg"), LB)


def ask(kind, **more):
    return Question("q", kind, "A question?", Tier.CARE, **more)


def number(typed, unit="", **more):
    return plain.number(ask(Kind.NUMBER, **more), "q", typed, unit)


def day(day_="", month="", year="", **more):
    return plain.date_parts(ask(Kind.DATE, **more), "q", {"day": day_, "month": month, "year": year}, TODAY)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("7", "7"),
        (" 7 ", "7"),
        ("-3", "-3"),
        ("\u22123", "-3"),
        ("3.5", "3.5"),
        ("3,5", "3.5"),
        ("1,200", "1200"),
        ("007", "7"),
        ("\u0663", "3"),
    ],
)
def test_a_number_is_kept_as_it_was_meant(typed, kept):
    assert number(typed, decimals=1) == {"number": kept}


@pytest.mark.parametrize("typed", ["ten", "1 2", "1.2.3", "--1", "1e9", "0x10", "12345678901", "NaN", "inf", "1,2,3"])
def test_what_is_no_number_gets_an_example(typed):
    problem = number(typed, minimum=Decimal(0), maximum=Decimal(10))
    assert isinstance(problem, Problem)
    assert str(problem) == "Please write this as a number, like 1."


def test_a_blank_number_is_no_answer():
    assert number("  ") is None


@pytest.mark.parametrize(
    ("typed", "more", "message"),
    [
        ("-1", {"minimum": Decimal(0)}, "The lowest we can keep is 0"),
        ("11", {"minimum": Decimal(0), "maximum": Decimal(10)}, "between 0 and 10"),
        ("2.5", {}, "whole number"),
        ("0.3", {"decimals": 1, "step": Decimal("0.5")}, "steps of 0.5"),
    ],
)
def test_a_number_out_of_bounds_says_what_fits(typed, more, message):
    assert message in str(number(typed, **more))


def test_the_bounds_are_said_in_the_unit_that_was_chosen():
    more = {"units": KG, "minimum": Decimal(30), "maximum": Decimal(300)}
    assert number("120", "[lb_av]", **more) == {"number": "120", "unit": "[lb_av]"}
    assert "66" in str(number("50", "[lb_av]", **more))
    assert number("50", "kg", **more) == {"number": "50", "unit": "kg"}
    assert number("50", "", **more) == {"number": "50", "unit": "kg"}


DRUNK = {"decimals": 1, "minimum": Decimal(0), "maximum": Decimal(5000)}
DRUNK_IN = (Unit("mL", "ml"), Unit("{cups}", "cups", Decimal(240), maximum=Decimal(20)))


@pytest.mark.parametrize(
    ("typed", "unit", "kept"),
    [
        ("\u00bd", "{cups}", ("0.5", "{cups}")),
        (".5", "{cups}", ("0.5", "{cups}")),
        ("1 1/2 cups", "", ("1.5", "{cups}")),
        ("250ml", "{cups}", ("250", "mL")),
    ],
)
def test_a_unit_written_behind_the_number_counts_whatever_is_chosen_beside_it(typed, unit, kept):
    assert number(typed, unit, units=DRUNK_IN, **DRUNK) == dict(zip(("number", "unit"), kept, strict=True))


@pytest.mark.parametrize("typed", ["38.5 C", "38.5 Celsius", "38.5 degrees C", "38,5 \u00b0 celsius"])
def test_a_temperature_in_another_unit_than_the_chosen_one_is_that(typed):
    """A fever of 38 degrees C is none in Fahrenheit."""
    temperature = reader.latest("intake").by_id["rf_temp"]
    assert plain.number(temperature, "q", typed, "[degF]") == {"number": "38.5", "unit": "Cel"}
    assert plain.number(temperature, "q", "102 fahrenheit", "Cel") == {"number": "102", "unit": "[degF]"}


@pytest.mark.parametrize("typed", ["3 spoons", "half", "2 cups 1"])
@pytest.mark.parametrize(("unit", "example"), [("mL", "625"), ("{cups}", "2")])
def test_the_example_is_one_in_the_unit_that_is_chosen(typed, unit, example):
    assert str(number(typed, unit, units=DRUNK_IN, **DRUNK)) == f"Please write this as a number, like {example}."


@pytest.mark.parametrize(("bounds", "example"), [((0, 1), "0"), ((0, 0), "0"), ((2, 5), "4")])
def test_the_example_is_a_whole_number_where_one_fits(bounds, example):
    low, high = map(Decimal, bounds)
    assert str(number("x", decimals=1, minimum=low, maximum=high)).endswith(f"like {example}.")


def test_half_of_what_is_counted_whole_is_asked_about():
    assert "whole number" in str(number("\u00bd"))


def test_a_unit_nobody_offered_is_a_forged_page():
    with pytest.raises(MalformedError):
        number("5", "stone", units=KG)


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (("27", "4", "1993"), "1993-04-27"),
        (("1", "March", "2026"), "2026-03-01"),
        (("01", "mar.", "2026"), "2026-03-01"),
        ((" 1 ", "MAR", " 2026 "), "2026-03-01"),
        (("29", "2", "2024"), "2024-02-29"),
    ],
)
def test_a_date_can_be_typed_in_many_ways(parts, kept):
    assert day(*parts) == kept


@pytest.mark.parametrize(
    ("parts", "field", "message"),
    [
        (("31", "2", "1990"), "q.day", "February 1990 has no day 31."),
        (("29", "2", "2023"), "q.day", "February 2023 has no day 29."),
        (("31", "April", "2020"), "q.day", "April 2020 has no day 31."),
        (("0", "2", "1990"), "q.day", "from 1 to 31"),
        (("32", "2", "1990"), "q.day", "from 1 to 31"),
        (("x", "2", "1990"), "q.day", "from 1 to 31"),
        (("", "2", "1990"), "q.day", "add the day"),
        (("3", "", "1990"), "q.month", "month as a number from 1 to 12, or as a name"),
        (("3", "13", "1990"), "q.month", "month as a number from 1 to 12, or as a name"),
        (("3", "Brumaire", "1990"), "q.month", "month as a number from 1 to 12, or as a name"),
        (("3", "2", ""), "q.year", "add the year"),
        (("3", "2", "90"), "q.year", "4 digits"),
        (("3", "2", "0090"), "q.year", "4 digits"),
        (("3", "2", "9999"), "q.year", "4 digits"),
    ],
)
def test_a_date_that_cannot_be_names_the_part_to_mend(parts, field, message):
    problem = day(*parts)
    assert isinstance(problem, Problem)
    assert problem.field == field
    assert message in str(problem)


@pytest.mark.parametrize(
    ("parts", "kept"), [(("", "", "2024"), "2024"), (("", "5", "2024"), "2024-05"), (("3", "5", "2024"), "2024-05-03")]
)
def test_a_date_may_be_known_in_part_where_the_question_says_so(parts, kept):
    assert day(*parts, approximate=True) == kept
    if not parts[0]:
        assert isinstance(day(*parts), Problem)


def test_a_day_without_its_month_is_nothing():
    assert day("3", "", "2024", approximate=True).field == "q.month"


@pytest.mark.parametrize(
    ("parts", "fine"),
    [(("15", "9", "2026"), True), (("17", "9", "2026"), False), (("", "9", "2026"), True), (("", "10", "2026"), False),
     (("", "", "2026"), True), (("", "", "2027"), False)],
)  # fmt: skip
def test_what_has_happened_is_not_in_the_future(parts, fine):
    assert isinstance(day(*parts, past=True, approximate=True), str) is fine


def test_three_blanks_are_no_answer():
    assert day(" ", "", "") is None


@given(some.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_real_date_is_kept(when):
    assert day(str(when.day), str(when.month), str(when.year)) == when.isoformat()


@given(some.text(max_size=40))
def test_no_text_whatever_breaks_a_number_or_a_date(typed):
    assert number(typed) is None or isinstance(number(typed), dict | Problem)
    assert isinstance(day(typed, typed, typed), Problem | str | None)


@given(some.text(max_size=300))
def test_a_kept_text_can_be_kept_again(typed):
    question = ask(Kind.TEXT, max_length=200)
    once = plain.text(question, "q", typed)
    if isinstance(once, str):
        assert plain.text(question, "q", once) == once
        assert once == once.strip() != ""
        assert len(once) <= 200


def test_lines_end_alike_and_accents_are_one_letter():
    question = ask(Kind.TEXT, max_length=200)
    assert plain.text(question, "q", "a\r\nb\rc\n") == "a\nb\nc"
    assert plain.text(question, "q", "cafe\u0301") == "caf\u00e9"
    assert plain.text(question, "q", "\u200eleft to right is writing") == "\u200eleft to right is writing".strip()


TIME = Question(id="at", kind=Kind.STRING, text="When?", tier=Tier.CARE, time=True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("03:10", "03:10"), ("3:10", "03:10"), ("23:59", "23:59"), ("00:00", "00:00"), ("3:10 am", "03:10"),
        ("3:10 PM", "15:10"), ("3 pm", "15:00"), ("12:30 am", "00:30"), ("12 pm", "12:00"), ("12:00am", "00:00"),
        ("0310", "03:10"), ("8.30 p.m.", "20:30"), ("03:10:59", "03:10"), ("  ", None), ("", None),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read_as_people_write_it(typed, kept):
    assert plain.time_of_day(TIME, "at", typed) == kept


@pytest.mark.parametrize(
    "typed", ["24:00", "12:60", "13 pm", "0 am", "noon", "3", "3:1", "-3:10", "\u0663:10", "1:2:3", "3:10 xm"]
)
def test_what_is_no_time_of_day_is_refused(typed):
    assert isinstance(plain.time_of_day(TIME, "at", typed), Problem)


@pytest.mark.parametrize(
    ("parts", "more", "fine"),
    [
        (("1926", "9", "1"), {}, False),
        (("1993", "4", "26"), {}, False),
        (("1993", "3", ""), {}, False),
        (("1992", "", ""), {}, False),
        (("1993", "4", "27"), {}, True),
        (("1993", "4", ""), {}, True),
        (("1993", "", ""), {}, True),
        (("2026", "9", "1"), {}, True),
        (("1926", "9", "1"), {"past": False}, True),
        (("1926", "9", "1"), {"autocomplete": "bday"}, True),
    ],
)
def test_nothing_happened_to_her_before_she_was_born(parts, more, fine):
    question = ask(Kind.DATE, **{"past": True, "approximate": True, **more})
    found = plain.date_parts(
        question, "q", dict(zip(("year", "month", "day"), parts, strict=True)), TODAY, HER_BIRTHDAY
    )
    assert isinstance(found, str) is fine
    assert fine or "before you were born" in found.text


@pytest.mark.parametrize(("later", "good"), [(0, True), (1, True), (2, False)])
def test_a_day_that_has_begun_where_she_is_and_not_yet_at_the_clinic_is_no_date_to_come(later, good):
    found = day(str(TODAY.day + later), str(TODAY.month), str(TODAY.year), past=True)
    assert isinstance(found, Problem) is not good


@pytest.mark.parametrize(("typed", "unit"), [("8.5", "[foz_us]"), ("1.5", "{cups}"), ("0.5", "{cups}")])
def test_half_a_cup_is_an_amount_in_the_diary(typed, unit):
    (log,) = (each for each in reader.latest("bladder-diary").section("day-1").questions() if each.log)
    drunk = next(child for child in log.questions if child.id.startswith("di_drunk"))
    assert plain.number(drunk, "q", typed, unit) == {"number": typed, "unit": unit}


@pytest.mark.parametrize(
    ("question", "unit", "typed", "kept"),
    [
        ("mh_height", "cm", "5'4\"", ("64", "[in_i]")),
        ("mh_height", "[in_i]", "5 ft 11 in", ("71", "[in_i]")),
        ("mh_height", "[in_i]", "1.63 m", ("163", "cm")),
        ("fn_baby_weight", "kg", "8 lb 4 oz", ("8.25", "[lb_av]")),
        ("rf_temp", "Cel", "\u0663\u0668\u066b\u0665", ("38.5", "Cel")),
    ],
)
def test_two_amounts_in_one_are_read_in_the_unit_they_name(question, unit, typed, kept):
    asked = reader.latest("intake").by_id[question]
    assert plain.number(asked, "q", typed, unit) == dict(zip(("number", "unit"), kept, strict=True))


def test_who_types_degrees_of_the_other_kind_is_told_which_fits():
    asked = reader.latest("intake").by_id["rf_temp"]
    found = str(plain.number(asked, "q", "38,5", "[degF]"))
    assert "If you mean \u00b0C, please choose that." in found
    assert "If you mean" not in str(plain.number(asked, "q", "500", "[degF]"))


@pytest.mark.parametrize(
    ("question", "unit", "least", "most"),
    [
        ("mh_weight", "[lb_av]", 100, 250),
        ("fn_baby_weight", "[lb_av]", 4, 20),
        ("slp_total_h", "h", 2, 9),
        ("mh_height", "[in_i]", 58, 74),
    ],
)
def test_the_example_is_one_that_nobody_minds(question, unit, least, most):
    found = plain.number(reader.latest("intake").by_id[question], "q", "x", unit)
    assert least <= Decimal(found.values["example"]) <= most
