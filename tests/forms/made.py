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
# The words of a measure, as they are in no questionnaire.
PACK = """
measure = "phq-2"
holder = "Fernbank Clinic (fictional), letter 12"
until = 2026-12-31
credit = "Invented for tests."
answers = [
  { value = 0, text = "No cloud" }, { value = 1, text = "One cloud" },
  { value = 2, text = "Two clouds" }, { value = 3, text = "Only clouds" },
]
items = [{ text = "How did the invented sky look?" }, { text = "And the invented sea?" }]
"""


def question(more: str = "", *, name: str = "clinic_more", kind: str = "yes-no", text: str = "What else?") -> str:
    """One question more."""
    return f'\n[[section.feet.pages.questions]]\nid = "{name}"\nkind = "{kind}"\ntext = "{text}"\n{more}\n'


def with_question(more: str = "", **plain: str) -> str:
    """The small form with one question more."""
    return FEET + question(more, **plain)
