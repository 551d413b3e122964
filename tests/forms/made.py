"""A small form of a clinic, for tests to break."""

from __future__ import annotations

HEAD = """
id = "clinic-feet"
title = "Your feet"
audience = "patient"
language = "en-US"
sections = ["feet"]
"""
SECTION = """
[section.feet]
title = "Feet"
tier = "care"
"""
PAGE = "[[section.feet.pages]]\n"
SORE = """
[[section.feet.pages.questions]]
id = "clinic_sore"
kind = "yes-no"
text = "Are your feet sore?"
"""
FEET = HEAD + SECTION + PAGE + SORE
NOTES = FEET.replace('"patient"', '"clinician"')


def question(more: str = "", *, name: str = "clinic_more", kind: str = "yes-no", text: str = "What else?") -> str:
    """One question more."""
    return f'\n[[section.feet.pages.questions]]\nid = "{name}"\nkind = "{kind}"\ntext = "{text}"\n{more}\n'


def with_question(more: str = "", **plain: str) -> str:
    """The small form with one question more."""
    return FEET + question(more, **plain)
