"""What is worked out from a note's findings. Nothing given, nothing said."""

from __future__ import annotations

import pytest

from intake.clinical.findings import computed

POINTS = {"aa": -1, "ba": -1, "c": -6, "d": -8, "ap": -2, "bp": -2, "tvl": 9}
PERFECT = {"p": 3, "e": 6, "r": 4, "f": 7}


def note(points=POINTS, perfect=PERFECT):
    answers = {f"popq_{name}": {"value": {"number": str(number), "unit": "cm"}} for name, number in points.items()}
    return answers | {f"perfect_{name}": {"value": {"number": str(number)}} for name, number in perfect.items()}


def test_the_stage_and_the_perfect_line_come_from_the_findings():
    found = computed(note())
    assert (found.stage, found.leading, found.perfect) == ("II", ("anterior",), "3/6/4//7")


def test_nothing_examined_is_nothing_said():
    found = computed({})
    assert (found.stage, found.leading, found.perfect) == ("", (), "")


@pytest.mark.parametrize("missing", ["p", "e", "r", "f"])
def test_an_incomplete_perfect_has_no_line_and_not_a_small_one(missing):
    assert computed(note(perfect={name: number for name, number in PERFECT.items() if name != missing})).perfect == ""


def test_a_point_that_was_not_examined_is_never_a_zero():
    unseen = note() | {
        "popq_ba": {"status": "not-examined", "reason": "declined"},
        "popq_aa": {"status": "not-examined", "reason": "declined"},
    }
    assert computed(unseen).leading != ("anterior",)
