"""What a patient says about ways to reach her, brought together with what the clinic wrote down. Her word stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from intake.clinical.values import value
from intake.forms.conditions import Answers

QUESTION = "id_safe_to_contact"
# "I do not use it" is not leave to use it.
FLAGS = {"safe": "safe", "appointments-only": "appointments-only", "not-safe": "not-safe", "not-used": "not-safe"}


def with_her_word(contacts: Sequence[Mapping[str, Any]], answers: Answers) -> list[dict[str, Any]]:
    """The contacts, {"method", "value", "safe"}, with the flags she gave; a way she said nothing of stays as it was."""
    said: Mapping[str, str] = value(answers, QUESTION) or {}
    return [
        {**contact, "safe": FLAGS[said[contact["method"]]]} if contact["method"] in said else dict(contact)
        for contact in contacts
    ]
