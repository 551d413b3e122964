"""Passwords many people think of, found by what they are made of rather than in a list of them.

`blocklist.toml` holds stems and rows of keys. What is left of a password once stems, names, years and walks along the
keyboard are taken out must still be worth something.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("blocklist.toml")
FEWEST_LEFT = 9  # letters and digits that belong to nothing known
SHORTEST_WALK = 4
SHORTEST_NAME = 3
SWAPPED = str.maketrans("@$!|0134579€", "asiioleastge")
TACKED_ON = re.compile(r"[\W\d_]{1,4}$")
YEAR = re.compile(r"(?:19|20)\d\d")
REPEATED = re.compile(r"(.)\1{2,}|(.{2,12}?)\2+")


def is_common(password: str, names: Iterable[str] = ()) -> bool:
    """Whether little is left of a password without what everybody thinks of; `names` are taken out too."""
    plain = password.casefold()
    spelt = YEAR.sub(" ", plain).translate(SWAPPED)
    known = _longest_first({*_stems(), *_parts(names)})
    forms = {plain, spelt, TACKED_ON.sub("", plain), TACKED_ON.sub("", spelt)}
    return min(_left(each, known) for each in forms) < FEWEST_LEFT


def _left(text: str, known: tuple[str, ...]) -> int:
    """How many different-enough letters and digits remain."""
    text = YEAR.sub(" ", _once(text))
    bare = re.sub(r"[^\w]|_", "", text)
    for form in (text, bare):
        rest = form
        for word in known:
            rest = rest.replace(word, " ")
        for walk in _walks():
            rest = rest.replace(walk, " ")
        rest = re.sub(r"[^\w]|_", "", rest)
        rest = _once(REPEATED.sub(r"\1\2", rest))
        if len(rest) < FEWEST_LEFT:
            return len(rest)
    return len(rest)


def _once(text: str) -> str:
    """What is said again and again, the last time perhaps only in part, said once."""
    return next((text[:size] for size in range(1, len(text) // 2 + 1) if text[size:] == text[:-size]), text)


def _parts(names: Iterable[str]) -> set[str]:
    words = {word for name in names for word in re.split(r"[\W_]+", name.casefold())}
    return {word for word in words if len(word) >= SHORTEST_NAME}


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def _stems() -> frozenset[str]:
    groups = tomllib.loads(FILE.read_text(encoding="utf-8"))["stems"]
    return frozenset(word for words in groups.values() for word in words)


@cache
def _walks() -> tuple[str, ...]:
    """Every run of four keys or more along a row, either way, the longest first."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["rows"]
    ways = [way for row in rows for way in (row, row[::-1])]
    runs = {
        way[start:end]
        for way in ways
        for start in range(len(way))
        for end in range(start + SHORTEST_WALK, len(way) + 1)
    }
    return _longest_first(runs)
