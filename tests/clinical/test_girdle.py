"""The active straight leg raise and the provocation tests: what they add up to, and what stays unknown."""

from __future__ import annotations

import random

import pytest

from intake.clinical import girdle
from intake.clinical.girdle import change, cluster, total
from tests.sizes import size

TRIES = size(5_000, 100_000)
SEED = 20_31


@pytest.mark.parametrize(
    ("left", "right", "sum_"), [(0, 0, 0), (1, 0, 1), (2, 3, 5), (5, 5, 10), (None, 3, None), (3, None, None)]
)
def test_the_straight_leg_raise_is_the_sum_of_both_legs_and_never_of_one(left, right, sum_):
    assert total(left, right) == sum_


@pytest.mark.parametrize(("left", "right"), [(6, 0), (0, -1)])
def test_a_leg_rated_off_the_scale_has_no_total(left, right):
    assert total(left, right) is None


@pytest.mark.parametrize(("plain", "aided", "by"), [(5, 2, -3), (2, 2, 0), (1, 3, 2), (None, 2, None), (5, None, None)])
def test_compression_changes_the_total_by_the_difference(plain, aided, by):
    assert change(plain, aided) == by


@pytest.mark.parametrize(
    ("raised", "tests", "likely"),
    [
        (3, {"p4": True, "faber": True}, True),
        (3, {"p4": True, "symphysis": True}, True),
        (3, {"p4": True}, None),
        (3, {"p4": True} | dict.fromkeys(girdle.OTHERS, False), False),
        (3, {"p4": False, "faber": True}, False),
        (0, {"p4": True, "faber": True}, False),
        (None, {"p4": True, "faber": True}, None),
        (3, {"faber": True, "gaenslen": True}, None),
        (None, {}, None),
    ],
)
def test_p4_the_raise_and_one_more_make_girdle_pain_likely(raised, tests, likely):
    assert cluster(raised, tests).likely is likely


def test_p4_is_the_thigh_thrust_and_is_not_the_one_test_more():
    assert "p4" in girdle.SACROILIAC
    assert "p4" not in girdle.OTHERS
    assert not {"thigh-thrust"} & {*girdle.SACROILIAC, *girdle.OTHERS}


def test_three_positive_sacroiliac_tests_raise_the_probability_and_two_do_not():
    two = {"p4": True, "compression": True, "symphysis": True, "long-dorsal": True}
    assert not cluster(0, two).raised
    assert cluster(0, {**two, "gaenslen": True}).raised


def test_a_test_that_was_not_done_is_not_among_those_tested():
    found = cluster(0, {"p4": True, "faber": None, "compression": False})
    assert (found.positive, found.tested) == (1, 2)


def stated_again(raised, tests):
    """The same rule from the other end: every way the untested could have come out."""
    unknown = [name for name in ("p4", *girdle.OTHERS) if tests.get(name) is None]
    answers = set()
    for filler in (dict.fromkeys(unknown, False), dict.fromkeys(unknown, True)):
        for leg in (raised,) if raised is not None else (0, 1):
            whole = {**tests, **filler}
            answers.add(whole["p4"] and leg > 0 and sum(bool(whole[name]) for name in girdle.OTHERS) >= 1)
    if len(answers) == 1:
        return answers.pop()
    return None


def test_the_rule_agrees_with_trying_out_what_was_not_tested():
    rng = random.Random(SEED)
    for _ in range(TRIES):
        tests = {name: rng.choice((True, False, False, None)) for name in ("p4", *girdle.OTHERS)}
        raised = rng.choice((None, 0, 0, 1, 4, 10))
        found = cluster(raised, tests)
        assert found.likely is stated_again(raised, tests), (raised, tests)
        assert found.positive == len([1 for name in girdle.SACROILIAC if tests[name]])
        assert found.tested == 6 - [tests[name] for name in girdle.SACROILIAC].count(None)


def test_totals_agree_with_counting_on_fingers():
    rng = random.Random(SEED)
    for _ in range(TRIES):
        left, right = rng.choice((None, *range(-1, 8))), rng.choice((None, *range(-1, 8)))
        fits = left in range(6) and right in range(6)
        assert total(left, right) == (len([*range(left), *range(right)]) if fits else None)
