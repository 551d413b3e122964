"""The order in which letters stand on a line when some scripts run from right to left.

Unicode's UAX 9 without embeddings, which words.py takes out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

RIGHT_TO_LEFT = frozenset({"R", "AL"})
# A sign between two digits that belongs to the number: 12.5, 3-2.
NUMBER_SIGNS = frozenset({("CS", "EN", "EN"), ("ES", "EN", "EN"), ("CS", "AN", "AN")})
NUMBERS = frozenset({"EN", "AN"})
OPENING = frozenset("([{")
MIRRORED = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))  # noqa: RUF001 - quotation marks that point


def runs_to_the_left(text: str) -> bool:
    """Whether anything in it is written from right to left."""
    return any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in text)


def base(text: str) -> int:
    """The direction of a paragraph, which is that of its first letter: 0 to the right, 1 to the left."""
    strong = (kind for kind in map(unicodedata.bidirectional, text) if kind == "L" or kind in RIGHT_TO_LEFT)
    return int(next(strong, "L") in RIGHT_TO_LEFT)


def visual(text: str, level: int) -> list[tuple[int, str]]:
    """(place in the text, character as it looks) of a line, from left to right."""
    levels = _levels(text, level)
    places = list(range(len(text)))
    for depth in range(max(levels, default=0), 0, -1):
        places = _turned(places, [levels[place] >= depth for place in places])
    return [(place, _seen(text[place], levels[place])) for place in places]


def _turned(places: Sequence[int], deep: Sequence[bool]) -> list[int]:
    found: list[int] = []
    for is_deep, run in groupby(zip(places, deep, strict=True), key=itemgetter(1)):
        here = [place for place, _deep in run]
        found += reversed(here) if is_deep else here
    return found


def _seen(character: str, level: int) -> str:
    """A bracket opens the other way on a line to the left."""
    return MIRRORED.get(character, character) if level % 2 else character


def _levels(text: str, level: int) -> list[int]:
    kinds = _neutral(_brackets(text, _numbers(_kinds(text, level), level), level), level)
    found = [_level(kind, level) for kind in kinds]
    kept = len(text.rstrip())
    return found[:kept] + [level] * (len(text) - kept)


def _level(kind: str, level: int) -> int:
    if kind in NUMBERS:
        return 2
    return level + (kind != "L") if level == 0 else level + (kind == "L")


def _kinds(text: str, level: int) -> list[str]:
    """The kind of each character: a mark is of the kind of its letter, a digit after Arabic is an Arabic one."""
    found: list[str] = []
    strong = ""
    for kind in map(unicodedata.bidirectional, text):
        last = found[-1] if found else _outside(level)
        strong = kind if kind in {"L", "R", "AL"} else strong
        if kind == "NSM":
            found.append(last)
        elif kind == "EN" and strong == "AL":
            found.append("AN")
        else:
            found.append("R" if kind == "AL" else kind or "L")
    return found


def _numbers(kinds: Sequence[str], level: int) -> list[str]:
    """Digits with what belongs to them; after a letter to the right they run like it."""
    found = list(kinds)
    for place in range(1, len(found) - 1):
        around = found[place - 1], found[place + 1]
        if (found[place], *around) in NUMBER_SIGNS:
            found[place] = around[0]
    for places in (range(len(found)), reversed(range(len(found)))):  # a sign before a number, and one after it
        for place in places:
            if found[place] == "ET" and "EN" in {*found[max(place - 1, 0) : place], *found[place + 1 : place + 2]}:
                found[place] = "EN"
    strong = _outside(level)
    for place, kind in enumerate(found):
        strong = kind if kind in {"L", "R"} else strong
        if kind == "EN" and strong == "L":
            found[place] = "L"
    return found


def _brackets(text: str, kinds: Sequence[str], level: int) -> list[str]:
    """A pair of brackets goes with the paragraph, unless what stands before it and in it goes the other way."""
    found, outside = list(kinds), _outside(level)
    for opening, closing in _pairs(text):
        inside = {_strong(kind) for kind in found[opening + 1 : closing]} - {""}
        before = next((kind for kind in map(_strong, reversed(found[:opening])) if kind), outside)
        if inside:
            found[opening] = found[closing] = outside if outside in inside else before
    return found


def _pairs(text: str) -> list[tuple[int, int]]:
    """The places of brackets that belong together, in the order in which they open."""
    opened: list[int] = []
    found = []
    for place, character in enumerate(text):
        if character in OPENING:
            opened.append(place)
        elif opened and character == MIRRORED[text[opened[-1]]]:
            found.append((opened.pop(), place))
    return sorted(found)


def _neutral(kinds: Sequence[str], level: int) -> list[str]:
    """What has no direction takes that of its neighbors where they agree, else that of the paragraph."""
    found: list[str] = []
    runs = [(kind, len(list(run))) for kind, run in groupby(kinds, key=_strong)]
    for place, (kind, length) in enumerate(runs):
        start = len(found)
        if kind:
            found += kinds[start : start + length]
            continue
        before = runs[place - 1][0] if place else _outside(level)
        after = runs[place + 1][0] if place + 1 < len(runs) else _outside(level)
        found += [before if before == after else _outside(level)] * length
    return found


def _strong(kind: str) -> str:
    """L, R for whatever runs to the left or is a number in it, or nothing for what has no direction."""
    return kind if kind in {"L", "R"} else "R" if kind in NUMBERS else ""


def _outside(level: int) -> str:
    return "R" if level else "L"
