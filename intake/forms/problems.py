"""What is wrong with an answer, said so that a tired person can mend it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


def N_(text: str) -> str:
    """Mark a text for translation where it is written; the web room translates it where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Problem:
    """One cause, one message: the field it stands at, an English text with %(name)s parts, and the parts."""

    field: str
    text: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text


class MalformedError(ValueError):
    """A page no browser of ours would send: unknown fields, one field twice, a code that was never offered."""
