"""What a patient says about ways to reach her, brought together with what the clinic wrote down. Her word stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from intake.clinical.values import value
from intake.forms.conditions import Answers

WAYS, QUESTION = "id_contact_methods", "id_safe_to_contact"
SAID = frozenset({WAYS, QUESTION})  # the questions that say how she may be reached
# "I do not use it" is not leave to use it.
FLAGS = {"safe": "safe", "appointments-only": "appointments-only", "not-safe": "not-safe", "not-used": "not-safe"}


def with_her_word(contacts: Sequence[Mapping[str, Any]], answers: Answers) -> list[dict[str, Any]]:
    """The contacts, {"method", "value", "safe"}, with the flags she gave; a way she said nothing of stays as it was.

    Where she ticked how she may be reached, a way she left out is not to be used: its row is not even shown to her.
    """
    return [{**contact, "safe": _flag(contact, answers)} for contact in contacts]


def _flag(contact: Mapping[str, Any], answers: Answers) -> str:
    flags: Mapping[str, str] = value(answers, QUESTION) or {}
    ticked, method = value(answers, WAYS), contact["method"]
    if ticked is not None and method not in ticked:
        return "not-safe"
    return FLAGS[flags[method]] if method in flags else str(contact["safe"])
