"""Every text of a form, exercise or message reaches the translators, and nothing else does."""

from __future__ import annotations

import io
from pathlib import Path

import intake
from intake.translations.extract import extract_toml, texts

FORM = b"""
id = "feet"
title = "Feet"
[[pages]]
[[pages.questions]]
id = "ft_where"
kind = "choice"
text = "Where is it sore?"
options = [{ code = "heel", text = "The heel", hint = "" }]
[[exercise]]
steps = ["Sit.", "Breathe."]
source = "A book"
"""
TEMPLATE = Path(intake.__file__).parent / "translations" / "messages.pot"


def test_texts_are_found_in_reading_order_and_codes_are_not():
    found = [text for _line, _function, text, _comments in extract_toml(io.BytesIO(FORM), (), (), options={})]
    assert found == ["Feet", "Where is it sore?", "The heel", "Sit.", "Breathe."]


def test_a_message_is_what_babel_expects():
    assert next(extract_toml(io.BytesIO(b'title = "Feet"'), (), (), options={})) == (1, "gettext", "Feet", [])


def test_a_file_without_texts_has_none():
    assert list(texts({"id": "x", "version": 1, "checked": True, "points": [1, 2]})) == []


def test_the_committed_texts_come_from_all_three_kinds_of_files():
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines()
    for ending in (".py", ".html", ".toml"):
        assert any(line.startswith("#: ") and line.split()[1].endswith(ending) for line in lines)
