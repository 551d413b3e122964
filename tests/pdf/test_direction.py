"""Letters that run to the left stand in their order, and numbers and brackets among them in theirs."""

from __future__ import annotations

import pytest

from intake.pdf import direction

TO_THE_RIGHT, TO_THE_LEFT = 0, 1


def seen(text, level):
    return "".join(look for _place, look in direction.visual(text, level))


@pytest.mark.parametrize(
    ("typed", "level", "looks"),
    [
        ("Zoë Fern", TO_THE_RIGHT, "Zoë Fern"),
        ("שרה עלה", TO_THE_LEFT, "הלע הרש"),
        ("For שרה עלה, today", TO_THE_RIGHT, "For הלע הרש, today"),
        ("שרה (Zoë) עלה", TO_THE_LEFT, "הלע (Zoë) הרש"),
        ("שרה (Zoë) 2026", TO_THE_LEFT, "2026 (Zoë) הרש"),
        ("Zoë (שרה)", TO_THE_RIGHT, "Zoë (הרש)"),
        ("חום 38.5", TO_THE_LEFT, "38.5 םוח"),
        ("10% כאב", TO_THE_LEFT, "באכ 10%"),
        ("نعم 12/3", TO_THE_LEFT, "12/3 معن"),
        ("[?] שרה", TO_THE_LEFT, "הרש [?]"),
        ("“שלום!”", TO_THE_LEFT, "”!םולש“"),
        ("שלום ", TO_THE_LEFT, " םולש"),
        ("", TO_THE_LEFT, ""),
    ],
)
def test_a_line_is_seen_as_a_reader_expects_it(typed, level, looks):
    assert seen(typed, level) == looks


def test_a_text_runs_in_the_direction_of_its_first_letter():
    assert direction.base("1. שרה Zoë") == TO_THE_LEFT
    assert direction.base("1. Zoë שרה") == TO_THE_RIGHT
    assert direction.base("1.") == TO_THE_RIGHT


def test_every_letter_is_drawn_once():
    text = "a שרה (b [c) محمد 12.5% ] “d” שָׂרָה"
    for level in (TO_THE_RIGHT, TO_THE_LEFT):
        assert sorted(place for place, _look in direction.visual(text, level)) == list(range(len(text)))


def test_only_scripts_that_run_to_the_left_are_turned():
    assert direction.runs_to_the_left("Zoë שרה")
    assert not direction.runs_to_the_left("Zoë Ξ Жанна 李 🌿 12")
