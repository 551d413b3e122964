"""Finding words in what a chart says: every word has to be there, however it is spelled in capitals or accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

AROUND = 70  # letters shown on each side of what was found


@dataclass(frozen=True, slots=True)
class Text:
    """Some words of a record: where they stand, what they answer, the tiers of what they say, and lines beside them."""

    where: Any
    title: str
    words: str
    tiers: frozenset[str] = frozenset()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that fits, cut down to what stands around the first word that was found."""

    text: Text
    before: str
    found: str
    after: str


def folded(words: str) -> tuple[str, list[int]]:
    """The words without capitals and accents, and for each letter of that the place it stands in."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(words):
        plain = "".join(each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each))
        letters += (kept := plain.casefold())
        places += [place] * len(kept)
    return "".join(letters), places


def wanted(typed: str) -> list[str]:
    """The words to look for."""
    return folded(typed)[0].split()


def find(texts: Iterable[Text], typed: str) -> Sequence[Hit]:
    """The texts that hold every word, in the order they come in; none when no word was typed."""
    words = wanted(typed)
    return [hit for text in texts if (hit := _hit(text, words)) is not None] if words else []


def _hit(text: Text, words: Sequence[str]) -> Hit | None:
    plain, places = folded(text.words)
    if not all(word in plain for word in words):
        return None
    start, word = min((plain.index(word), word) for word in words)
    first, last = places[start], places[start + len(word) - 1] + 1
    return Hit(text, _end(text.words[:first]), text.words[first:last], _start(text.words[last:]))


def _end(words: str) -> str:
    """The last words of what stands before; cut between two words where there are any."""
    if len(words) <= AROUND:
        return words
    return "… " + (words[-AROUND:].partition(" ")[2] or words[-AROUND:])


def _start(words: str) -> str:
    if len(words) <= AROUND:
        return words
    return (words[:AROUND].rpartition(" ")[0] or words[:AROUND]) + " …"
