"""PERFECT: what can be true of a pelvic floor contraction, and how it is written."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from intake.clinical import perfect
from intake.clinical.perfect import notation, parse, problems
from tests.sizes import size


def test_the_scheme_is_written_with_a_double_slash_before_the_fast_contractions():
    assert notation(p=3, e=6, r=4, f=7) == "3/6/4//7"
    assert notation(p=5, e=10, r=10, f=10) == "5/10/10//10"
    assert notation(p=3, e=Decimal("6.0"), r=4, f=7) == "3/6/4//7"


def test_no_contraction_is_written_as_zeros():
    assert notation(p=0, e=0, r=0, f=0) == "0/0/0//0"


@pytest.mark.parametrize("part", ["p", "e", "r", "f"])
def test_a_part_that_was_not_examined_is_never_written_as_zero(part):
    assert notation(**{"p": 3, "e": 6, "r": 4, "f": 7, part: None}) is None
    assert problems(**{"p": 3, "e": 6, "r": 4, "f": 7, part: None}) == ()


def test_a_contradiction_is_not_written_down():
    assert notation(p=0, e=6, r=4, f=7) is None


@pytest.mark.parametrize("part", ["e", "r", "f"])
def test_without_power_nothing_can_be_held_or_repeated(part):
    found = problems(**{"p": 0, "e": 0, "r": 0, "f": 0, part: 2})
    assert [(p.part, p.text) for p in found] == [(part, perfect.NO_POWER)]


def test_without_power_there_is_no_lift():
    assert [p.text for p in problems(p=0, e=0, r=0, f=0, lift=True)] == [perfect.NO_LIFT]
    assert problems(p=0, e=None, r=None, f=None, lift=False) == ()
    assert problems(p=0, e=None, r=None, f=None, lift=None) == ()
    assert problems(p=1, e=1, r=1, f=1, lift=True) == ()


@pytest.mark.parametrize(
    ("part", "value"),
    [("p", 6), ("p", -1), ("p", Decimal("2.5")), ("e", 11), ("r", -1), ("f", 11), ("e", Decimal("0.5"))],
)
def test_values_off_the_scale_are_errors(part, value):
    assert [p.part for p in problems(**{"p": 3, "e": 6, "r": 4, "f": 7, part: value})] == [part]


@pytest.mark.parametrize("highest", [{"p": 5}, {"e": 10}, {"r": 10}, {"f": 10}])
def test_the_ends_of_each_scale_are_allowed(highest):
    assert problems(**{"p": 3, "e": 6, "r": 4, "f": 7, **highest}) == ()
    assert problems(**{"p": 3, "e": 6, "r": 4, "f": 7, **dict.fromkeys(set(highest) - {"p"}, 0)}) == ()


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("3/6/4//7", (3, 6, 4, 7)),
        (" 3 / 6 / 4 // 7 ", (3, 6, 4, 7)),
        ("0/0/0//0", (0, 0, 0, 0)),
        ("5/10/10//10", (5, 10, 10, 10)),
        ("3/6/-//-", (3, 6, None, None)),
        ("3/6/\u2212//7", (3, 6, None, 7)),
    ],
)
def test_the_scheme_is_read_in_one_line(line, parts):
    assert parse(line) == dict(zip("perf", parts, strict=True))


@pytest.mark.parametrize(
    "line",
    [
        *("", "3", "3/6/4", "3/6/4/7", "3//6/4/7", "3/6/4//", "6/6/4//7", "3/11/4//7", "3+/6/4//7", "-/-/-//-"),
        *("3/6/4//7x", "\u0663/6/4//7", "3/6/4//7\n3/6/4//7", "33/6/4//7", "-3/6/4//7"),
    ],
)
def test_what_is_no_such_line_is_not_guessed_at(line):
    assert parse(line) is None


def test_what_is_written_can_be_read_again():
    rng = random.Random(9)
    for _ in range(size(5_000, 100_000)):
        parts = {part: rng.randint(0, 5 if part == "p" else 10) for part in "perf"}
        line = notation(**parts)
        assert line is None or parse(line) == parts
        assert (line is None) == (parts["p"] == 0 and sum(parts.values()) > 0)
