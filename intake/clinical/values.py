"""Reading single answers: the given value, or a measured number. What was not given is None, never zero."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from intake.forms.conditions import Answer, given


def value(answers: Mapping[str, Answer], name: str) -> Any:
    """The given value of an answer, or None."""
    return given(answers.get(name))


def number(answers: Mapping[str, Answer], name: str) -> Decimal | None:
    """A measured or rated number in the unit it was given in, or None."""
    found = value(answers, name)
    if found is None:
        return None
    return Decimal(found["number"] if isinstance(found, Mapping) else found)
