"""Arabic letters join as they are written by hand, and each shape leads back to its letter."""

from __future__ import annotations

import unicodedata

from intake.pdf.joining import is_joined, joined, letters


def places(text):
    """Where each letter of the joined text stands: isolated, initial, medial, final."""
    return [unicodedata.decomposition(shape).split()[0].strip("<>") for shape in joined(text)]


def test_letters_take_the_shape_of_their_place():
    assert places("محمد") == ["initial", "medial", "medial", "final"]


def test_after_a_letter_that_joins_to_one_side_only_a_new_stroke_begins():
    assert places("فرن") == ["initial", "final", "isolated"]


def test_lam_and_alef_are_one_shape():
    assert joined("سلام") == "\ufeb3\ufefc\ufee1"
    assert letters()["\ufefc"] == "لا"


def test_marks_and_strokes_do_not_part_letters():
    assert [each for each in joined("مُحَ") if unicodedata.category(each) != "Mn"] == ["\ufee3", "\ufea2"]
    assert joined("مـ")[0] == "\ufee3"


def test_every_shape_leads_back_to_what_was_written():
    for word in ("مريم بنت عبدالرحمن الزهراء", "پژمان گیتی", "لا إله"):
        assert "".join(letters().get(shape, shape) for shape in joined(word)) == word


def test_other_scripts_are_left_alone():
    assert joined("Zoë שרה 李 🌿") == "Zoë שרה 李 🌿"


def test_a_letter_whose_shapes_are_not_known_is_told_apart():
    assert is_joined("م")
    assert is_joined("٣")
    assert not is_joined("\u0763")
