"""The kinds of sign: what each finds, shows and reads."""

from datetime import date, timedelta

import pytest

from intake.clinical.obstetrics import Birth
from intake.clinical.triage.case import Case
from intake.clinical.triage.signs import (
    BornBefore,
    BornWithin,
    DayBefore,
    Entry,
    Item,
    Number,
    Total,
    all_of,
    any_of,
    other_than,
    row,
    ticked,
    without,
)

TODAY = date(2026, 11, 22)


def given(**values):
    return {question: {"value": value} for question, value in values.items()}


def case(birth=None, **values):
    return Case(given(**values), TODAY, birth)


def born(first, last=None):
    return Birth(*(TODAY - timedelta(days=days) for days in (first, first if last is None else last)))


def test_a_listed_warning_sign_is_shown_by_its_own_name():
    assert ticked("rf_heart", "rf_chest").found(case(rf_heart=["rf_chest", "rf_faint"])) == ("rf_chest",)


def test_any_other_code_is_shown_by_its_question_once():
    assert ticked("bl_uti_signs", "blood", "fever").found(case(bl_uti_signs=["fever", "blood"])) == ("bl_uti_signs",)


def test_a_sign_without_an_answer_is_not_found():
    signs = (
        ticked("a", "x"),
        other_than("a", "none"),
        Number("a", low=1),
        row("a", ("r",), "x"),
        Entry("a", ticked("b", "x")),
    )
    assert [sign.found(case()) for sign in signs] == [None] * 5


def test_a_new_code_counts_where_only_the_harmless_ones_are_named():
    assert other_than("rf_heart", "none").found(case(rf_heart=["rf_new"])) == ("rf_new",)
    assert other_than("rf_heart", "none").found(case(rf_heart=["none"])) is None


@pytest.mark.parametrize(("value", "found"), [(139, False), (140, True), ("159.9", True), (160, False)])
def test_a_band_holds_its_lower_edge_and_not_its_upper(value, found):
    assert bool(Number("bp", low=140, below=160).found(case(bp=value))) is found


def test_what_must_not_be_said_narrows_another_sign_and_shows_nothing():
    sign = all_of(ticked("a", "x"), without("b", "yes"))
    assert sign.found(case(a="x")) == ("a",)
    assert sign.found(case(a="x", b="not-sure")) == ("a",)
    assert sign.found(case(a="x", b="yes")) is None


def measured(**items):
    return Case({}, TODAY, measures={"m": {name[1:]: score for name, score in items.items()}})


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ({"i1": 0, "i2": 1}, False),
        ({"i1": 1, "i2": 1}, True),
        ({"i1": 2, "i2": 2}, True),
        ({"i1": 2, "i2": 3}, False),
        ({"i1": 2, "i2": 0, "i3": 9}, True),
        ({"i1": 3}, False),
        ({"i1": 3, "i2": None}, False),
        ({"i1": None, "i2": 3}, False),
        ({}, False),
    ],
)
def test_a_total_counts_only_when_every_item_has_an_answer(items, found):
    assert (Total("m", 2, low=2, below=5).found(measured(**items)) == ("m",)) is found


@pytest.mark.parametrize(
    ("score", "found"), [(None, False), (0, False), (1, True), (2, True), (3, False), ("2", False)]
)
def test_an_item_counts_by_itself_whatever_the_others_are(score, found):
    assert (Item("m", "2", low=1, below=3).found(measured(i1=None, i2=score)) == ("m.2",)) is found


def test_a_measure_that_was_not_asked_is_not_found():
    assert Item("m", "1", low=0).found(case()) is None
    assert Total("m", 2, low=0).found(case()) is None


def test_the_rows_of_a_grid_that_are_not_named_do_not_count():
    sign = row("bo_leak", ("liquid", "solid"), "daily")
    assert sign.found(case(bo_leak={"gas": "daily", "liquid": "never"})) is None
    assert sign.found(case(bo_leak={"solid": "daily"})) == ("bo_leak",)


def test_a_window_inside_a_group_is_about_the_birth_of_that_entry():
    sign = Entry("ob_births", all_of(ticked("birth_repair", "opened"), BornWithin(84)))
    old = given(birth_date="2020-01-01", birth_repair="opened")
    new = given(birth_date="2026-11-01", birth_repair="opened")
    assert sign.found(case(born(5), ob_births=[old])) is None
    assert sign.found(case(born(900), ob_births=[old, new])) == ("birth_repair",)


@pytest.mark.parametrize(
    ("birth", "within", "before"),
    [(None, True, True), (born(84), True, False), (born(85), False, True), (born(100, 70), True, True)],
)
def test_a_window_is_read_on_the_safe_side(birth, within, before):
    assert (BornWithin(84).found(case(birth)) is not None) is within
    assert (BornBefore(84).found(case(birth)) is not None) is before


def test_an_unknown_birth_can_be_left_out_of_a_window():
    assert BornWithin(41, unknown=False, shows=("ob_births",)).found(case()) is None
    assert BornWithin(41, unknown=False, shows=("ob_births",)).found(case(born(41))) == ("ob_births",)


@pytest.mark.parametrize(
    ("day", "old"),
    [("2026-11-08", False), ("2026-11-07", True), ("2026", False), (None, False), ("2027-01-01", False)],
)
def test_a_day_is_old_only_when_it_is_known_and_past_the_limit(day, old):
    assert (DayBefore("when", 14).found(case(when=day)) is not None) is old
    assert (DayBefore("when", 14, holds=False).found(case(when=day)) is None) is old


def test_signs_combine_and_show_each_reason_once():
    both = case(a="x", b="y")
    assert any_of(ticked("a", "x"), ticked("b", "y"), ticked("a", "x")).found(both) == ("a", "b")
    assert all_of(ticked("a", "x"), ticked("b", "y")).found(both) == ("a", "b")
    assert all_of(ticked("a", "x"), ticked("b", "z")).found(both) is None
    assert any_of(ticked("a", "z"), ticked("b", "z")).found(both) is None


def test_a_sign_tells_what_it_reads():
    sign = any_of(Entry("group", ticked("a", "x", "y")), all_of(Number("b"), DayBefore("c", 1), BornWithin(1)))
    assert dict(sign.reads()) == {"group": set(), "a": {"x", "y"}, "b": set(), "c": set()}
