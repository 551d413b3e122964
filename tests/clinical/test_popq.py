"""POP-Q staging against the worked examples of the reference, and against the rules said a second time."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise

import pytest

from intake.clinical import popq
from intake.clinical.popq import Stage, problems, stage, warnings

NAMES = ("Aa", "Ba", "C", "D", "Ap", "Bp", "tvl")
WORKED = [
    ((-3, -3, -8, -9, -3, -3, 10), "0"),
    ((-3, -3, -7, -8.5, -3, -3, 10), "0"),
    ((-3, -3, -7.5, -7.9, -3, -3, 10), "I"),
    ((-2, -2, -7, -8, -3, -3, 9), "I"),
    ((-1, -1, -6, -8, -2, -2, 9), "II"),
    ((0, 1, -6, -8, -2, -2, 9), "II"),
    ((1, 2, -5, -7, -2, -2, 9), "III"),
    ((3, 7, 7, None, 2, 7, 9), "IV"),
    ((-3, -3, -6, None, -3, -3, 8), "0"),
    ((-3, -3, -5.5, None, -3, -3, 8), "I"),
    ((-2, -2, 3, -2, -3, -3, 9), "III"),
]
SUPPORTED = {"Aa": -3, "Ba": -3, "C": -8, "D": -9, "Ap": -3, "Bp": -3, "tvl": 10}


def staged(*values: float | None) -> Stage:
    return stage(**dict(zip(NAMES, values, strict=True)))


@pytest.mark.parametrize(("values", "number"), WORKED)
def test_every_worked_example_gets_its_stage(values, number):
    assert staged(*values).number == number


def test_a_cuff_beyond_the_hymen_leads_the_apical_compartment():
    assert staged(-2, -2, 3, -2, -3, -3, 9) == Stage("III", ("apical",))


def test_compartments_that_descend_equally_are_all_named():
    assert staged(3, 7, 7, None, 2, 7, 9).leading == ("anterior", "apical", "posterior")
    assert staged(-2, -1, -6, -8, -1, -1, 9).leading == ("anterior", "posterior")


def test_full_support_has_no_leading_compartment():
    assert staged(-3, -3, -8, -9, -3, -3, 10).leading == ()


@pytest.mark.parametrize("point", popq.NEEDED)
def test_a_missing_value_gives_no_stage_rather_than_a_low_one(point):
    result = stage(**{**SUPPORTED, point: None})
    assert result == Stage(None, (), popq.MISSING)


def test_without_a_cervix_the_stage_needs_no_posterior_fornix():
    assert stage(**{**SUPPORTED, "D": None}).number == "0"


def test_a_value_that_is_not_a_number_counts_as_missing():
    assert stage(**{**SUPPORTED, "Bp": float("nan")}).reason == popq.MISSING


def test_in_a_very_short_vagina_the_clinician_assigns_the_stage():
    result = staged(-1, 0, -1, None, -2, -2, 3)
    assert result == Stage(None, ("anterior",), popq.SHORT)
    assert staged(-1, 0, -1, None, -2, -2, 3.5).number == "II"


@pytest.mark.parametrize(
    ("low", "high", "stages"),
    [(-1.5, -1, ("I", "II")), (1, 1.5, ("II", "III")), (6.5, 7, ("III", "IV"))],
)
def test_each_edge_belongs_to_the_stage_the_rules_give_it(low, high, stages):
    assert tuple(staged(-2, ba, -6, -8, -2, -2, 9).number for ba in (low, high)) == stages


def test_the_apex_is_compared_in_decimals_not_in_binary_fractions():
    # In floats 8.3 - 2 is 6.300000000000001, so -6.3 would miss its own limit.
    assert staged(-3, -3, -6.3, None, -3, -3, 8.3).number == "0"


def test_decimals_and_floats_may_be_mixed():
    assert stage(**{**SUPPORTED, "tvl": Decimal("10.0"), "C": -7.5, "D": Decimal(-8)}).number == "0"


@pytest.mark.parametrize(
    ("point", "value", "text"),
    [
        ("Ba", -3.5, popq.OUTSIDE),
        ("Aa", 3.5, popq.OUTSIDE),
        ("Ap", -4, popq.OUTSIDE),
        ("tvl", 14.5, popq.OUTSIDE),
        ("gh", 10.5, popq.OUTSIDE),
        ("pb", -1, popq.OUTSIDE),
        ("C", -10.5, popq.BEYOND),
        ("C", 10.5, popq.BEYOND),
        ("D", -10.5, popq.BEYOND),
        ("Ba", 10.5, popq.BEYOND),
        ("Bp", 10.5, popq.BEYOND),
    ],
)
def test_a_point_that_cannot_lie_there_is_an_error(point, value, text):
    assert text in [p.text for p in problems({**SUPPORTED, point: value}) if p.point == point]


@pytest.mark.parametrize("point", ["C", "D", "Ba", "Bp"])
def test_a_point_may_lie_exactly_as_far_out_as_the_vagina_is_long(point):
    assert problems({**SUPPORTED, point: 10}) == ()
    assert problems({**SUPPORTED, "C": -10, "D": -10}) == ()


@pytest.mark.parametrize(("wall", "rest"), [("Aa", "Ba"), ("Ap", "Bp")])
def test_the_rest_of_a_wall_is_never_above_its_three_centimeter_point(wall, rest):
    points = {**SUPPORTED, wall: -1, rest: -1.5}
    assert [p.point for p in problems(points)] == [rest]
    assert stage(**points) == Stage(None, (), popq.IMPOSSIBLE)


def test_a_posterior_fornix_after_hysterectomy_is_an_error():
    assert [p.text for p in problems(SUPPORTED, cervix=False)] == [popq.NO_CERVIX]
    assert problems({**SUPPORTED, "D": None}, cervix=False) == ()
    assert problems(SUPPORTED, cervix=True) == ()


def test_points_that_were_not_measured_are_no_error():
    assert problems({}) == ()
    assert problems({"Aa": -3, "gh": None}) == ()


def test_unusual_values_are_pointed_out_but_keep_their_stage():
    unusual = {**SUPPORTED, "C": -9, "D": -8, "tvl": 12.5}
    assert {p.text for p in warnings(unusual)} == {popq.D_BELOW_C, popq.LENGTH}
    assert problems(unusual) == ()
    assert [p.point for p in warnings({**SUPPORTED, "C": -7.9})] == ["C"]
    assert warnings(SUPPORTED) == ()


def restated(halves):
    """Say the rules again, in half centimeters as whole numbers, without the code under test."""
    aa, ba, c, d, ap, bp, tvl = halves
    walls = [aa, ba, ap, bp]
    if any(value is None for value in (*walls, c, tvl)):
        return None
    apex = [value for value in (c, d) if value is not None]
    if ba < aa or bp < ap or max(ba, bp) > tvl or max(abs(value) for value in apex) > tvl or tvl <= 6:
        return None
    furthest = max(walls + apex)
    if furthest >= tvl - 4:
        return "IV"
    if walls == [-6] * 4 and min(apex) <= 4 - tvl:
        return "0"
    return "I" if furthest < -2 else "II" if furthest <= 2 else "III"


def drawn(roll) -> list[int | None]:
    """Half centimeters: mostly possible, often on an edge, now and then missing or contradictory."""

    def one_of(*choices):
        return choices[int(roll() * len(choices))]

    tvl = 2 + int(roll() * 27)
    aa, ap = one_of(-6, -6, one_of(-4, -2, 0, 2, 6)), one_of(-6, -6, one_of(-3, -1, 1, 3, 5))
    ba, bp = (wall if roll() < 0.5 else max(-6, wall - 1 + int(roll() * tvl)) for wall in (aa, ap))
    c = one_of(4 - tvl, tvl - 4, int((roll() * 2 - 1) * tvl))
    d = one_of(None, 4 - tvl, int((roll() * 2 - 1) * tvl))
    values = [aa, ba, c, d, ap, bp, tvl]
    if roll() < 0.02:
        values[int(roll() * 7)] = None
    return values


def test_twenty_thousand_random_examinations_agree_with_the_rules_said_again():
    roll = random.Random(1996).random
    seen = {None: 0, "0": 0, "I": 0, "II": 0, "III": 0, "IV": 0}
    for _ in range(20_000):
        halves = drawn(roll)
        expected = restated(halves)
        cm = [None if half is None else half / 2 for half in halves]
        assert staged(*cm).number == expected, cm
        seen[expected] += 1
    assert all(count >= 100 for count in seen.values()), seen


def test_a_point_that_descends_further_never_lowers_the_stage():
    order = ["0", "I", "II", "III", "IV"]
    stages = [staged(-3, half / 2, -7, -8, -3, -3, 9).number for half in range(-6, 18)]
    assert all(order.index(a) <= order.index(b) for a, b in pairwise(stages))
