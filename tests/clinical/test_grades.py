"""Grades of strength are an order: nobody adds them up."""

from __future__ import annotations

import random

import pytest

from intake.clinical import grades
from intake.clinical.grades import GRADES, rank, weaker
from intake.forms import reader
from tests.sizes import size

FORM = reader.load("evaluation", 2)


def test_the_order_is_that_of_the_scale():
    assert GRADES == ("0", "1", "1+", "2-", "2", "2+", "3-", "3", "3+", "4-", "4", "4+", "5")


@pytest.mark.parametrize(
    ("left", "right", "side"),
    [("2", "2+", "left"), ("3-", "2+", "right"), ("4-", "4", "left"), ("5", "4+", "right"), ("3", "3", "equal")],
)
def test_the_weaker_side_is_told_by_the_order(left, right, side):
    assert weaker(left, right) == side


@pytest.mark.parametrize(("left", "right"), [(None, "3"), ("3", None), (None, None), ("5+", "3"), ("3", "strong")])
def test_nothing_is_compared_with_what_was_not_graded(left, right):
    assert weaker(left, right) is None


def test_no_mean_is_offered():
    assert {name for name in vars(grades) if name.islower() and not name.startswith("_")} == {
        "annotations", "rank", "weaker",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "column"),
    [
        ("hp_mmt", "hp_mmt_left"),
        ("hp_mmt", "hp_mmt_right"),
        ("lp_myotomes", "lp_myo_left"),
        ("in_oxford", "in_oxford_grade"),
    ],
)
def test_the_form_offers_these_grades_in_this_order(question, column):
    offered = next(each for each in FORM.by_id[question].columns if each.id == column)
    assert tuple(option.code for option in offered.options) == GRADES


def as_thirds(grade):
    """The order once more, by halves and thirds: 3- lies below 3, 3+ above it."""
    return int(grade[0]) * 3 + {"-": -1, "+": 1}.get(grade[1:], 0)


def test_the_order_agrees_with_reading_plus_and_minus():
    rng = random.Random(5)
    for _ in range(size(5_000, 100_000)):
        left, right = rng.choice(GRADES), rng.choice(GRADES)
        first, second = as_thirds(left), as_thirds(right)
        assert weaker(left, right) == ("equal" if first == second else "left" if first < second else "right")
        assert (rank(left) < rank(right)) == (first < second)
