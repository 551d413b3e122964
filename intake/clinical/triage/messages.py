"""What each rule says to the patient and to staff, read from messages.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("messages.toml")
PLACEHOLDERS: Final = frozenset({"date", "emergency", "crisis", "maternal"})


@dataclass(frozen=True, slots=True)
class Message:
    """The words of one rule. `patient` may hold {date} and numbers: {emergency}, {crisis}, {maternal}.

    `when` says for clinicians what raises it; rules.py is what counts.
    """

    rule: str
    title: str
    patient: str
    when: str
    staff: str
    source: str


def message(rule: str) -> Message:
    """The message of a rule such as "E1"; KeyError when there is none."""
    return messages()[rule]


@cache
def messages() -> dict[str, Message]:
    """Every message by its rule, in the order of the file."""
    with FILE.open("rb") as file:
        return {rule: Message(rule=rule, **words) for rule, words in tomllib.load(file).items()}
