"""The entries of a group (her births, her medicines) as small lists: a line for each question and its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from intake.forms import words
from intake.forms.conditions import Answer, Answers
from intake.forms.denials import denied
from intake.forms.model import Kind, Question
from intake.forms.words import Translate


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an entry with its answer in words, and what the answer says no to."""

    question: str
    words: str
    denied: tuple[str, ...] = ()


def entries(group: Question, answer: Answer, translate: Translate = str) -> tuple[tuple[Item, ...], ...]:
    """Every entry that says something. The entries of a diary are a line each already, so it has none."""
    if group.kind is not Kind.GROUP or group.log or "value" not in answer:
        return ()
    found = (tuple(_items(group, entry, translate)) for entry in answer["value"])
    return tuple(items for items in found if items)


def _items(group: Question, entry: Answers, translate: Translate) -> Iterator[Item]:
    for child in group.questions:
        said = entry.get(child.id, {"status": "skipped"})
        if said.get("status") != "skipped":
            yield Item(
                words.label(translate(child.text)), words.say(child, said, translate), denied(child, said, translate)
            )
