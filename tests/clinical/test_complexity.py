"""How complex an evaluation was: the lowest part decides, and an open part decides nothing."""

from __future__ import annotations

import itertools
import random

import pytest

from intake.clinical.complexity import ELEMENTS, PERSONAL, PRESENTATION, level
from intake.forms import reader
from tests.sizes import size


@pytest.mark.parametrize(
    ("personal", "elements", "presentation", "expected"),
    [
        ("0", "1-2", "stable", "low"),
        ("1-2", "3", "evolving", "moderate"),
        ("3+", "4+", "unstable", "high"),
        ("3+", "4+", "stable", "low"),
        ("0", "4+", "unstable", "low"),
        ("3+", "3", "unstable", "moderate"),
        ("1-2", "4+", "unstable", "moderate"),
        (None, "4+", "unstable", None),
        ("3+", None, "unstable", None),
        ("3+", "4+", None, None),
        ("3+", "4+", "worse", None),
    ],
)
def test_the_lowest_part_decides(personal, elements, presentation, expected):
    assert level(personal, elements, presentation) == expected


def counted(personal, elements, presentation):
    """The same from numbers: how many factors, how many elements, how steady."""
    factors, seen = {"0": 0, "1-2": 1, "3+": 3}[personal], {"1-2": 1, "3": 3, "4+": 4}[elements]
    high = factors >= 3 and seen >= 4 and presentation == "unstable"
    moderate = factors >= 1 and seen >= 3 and presentation in {"evolving", "unstable"}
    return "high" if high else "moderate" if moderate else "low"


def test_every_combination_agrees_with_counting():
    every = list(itertools.product(PERSONAL, ELEMENTS, PRESENTATION))
    rng = random.Random(11)
    for parts in [*every, *(rng.choice(every) for _ in range(size(5_000, 100_000)))]:
        assert level(*parts) == counted(*parts)


@pytest.mark.parametrize(
    ("question", "codes"), [("im_personal", PERSONAL), ("im_elements", ELEMENTS), ("im_presentation", PRESENTATION)]
)
def test_the_form_offers_these_answers(question, codes):
    assert tuple(option.code for option in reader.load("evaluation", 2).by_id[question].options) == codes
