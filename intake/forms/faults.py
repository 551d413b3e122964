"""What is wrong with a form file: where it stands, what it is, and how to mend it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

SHOWN = 60  # letters of a word of the file that a message repeats
MOST_BITS = 64


@dataclass(frozen=True, slots=True)
class Fault:
    """One cause, one message: the place, an English text with %(name)s parts, and the parts.

    A warning is told and stops nothing.
    """

    place: str
    text: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    is_warning: bool = False

    def __str__(self) -> str:
        said = self.text % self.values if self.values else self.text
        return f"{self.place}: {said}" if self.place else said


def within(*parts: object) -> str:
    """A place by its parts, from the outside in: "feet, page 2, clinic_ft_sore"."""
    return ", ".join(str(part) for part in parts if part)


def shown(value: object) -> str:
    """A value of the file as a message repeats it, cut short.

    TOML takes numbers in hexadecimal that Python would not write out.
    """
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return "a huge number"
    text = repr(value) if isinstance(value, (str, int, float, bool)) or value is None else type(value).__name__
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
