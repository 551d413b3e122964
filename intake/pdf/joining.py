"""Arabic letters in the shapes they take beside each other, told from Unicode's own tables.

A font's rules for it are not read when a page is set; its shapes have code points of their own, and those are used.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

SHAPES = (range(0xFB50, 0xFC00), range(0xFE70, 0xFEFD))
ISOLATED, INITIAL, MEDIAL, FINAL = "<isolated>", "<initial>", "<medial>", "<final>"
LAM, STROKE = "\u0644", "\u0640"  # lam and alef are one shape; a stroke joins whatever stands beside it
ARABIC = range(0x0600, 0x0780)


@cache
def shapes() -> Mapping[str, Mapping[str, str]]:
    """{letter, or lam with alef: {where it stands: its shape}}."""
    found: dict[str, dict[str, str]] = {}
    for code in (code for block in SHAPES for code in block):
        place, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        word = "".join(chr(int(letter, 16)) for letter in letters)
        if len(word) == 1 or (len(word) == 2 and word[0] == LAM):  # noqa: PLR2004 - a pair
            found.setdefault(word, {})[place] = chr(code)
    return found


@cache
def letters() -> Mapping[str, str]:
    """{shape: the letters it stands for}, to get back at what was written."""
    return {shape: word for word, places in shapes().items() for shape in places.values()}


def is_joined(character: str) -> bool:
    """Whether a letter of this script can be set right: its shapes are known. Digits and marks have only one."""
    return unicodedata.category(character) != "Lo" or character in shapes()


def joined(text: str) -> str:
    """The text with each Arabic letter in its shape; any other text as it is."""
    if not any(ord(character) in ARABIC for character in text):
        return text
    units = _units(text)
    return "".join(_shape(units, place) for place in range(len(units)))


def _units(text: str) -> list[str]:
    found: list[str] = []
    for character in text:
        if found and found[-1] + character in shapes():
            found[-1] += character
        else:
            found.append(character)
    return found


def _shape(units: list[str], place: int) -> str:
    unit = units[place]
    known = shapes().get(unit, {})
    before = _joins_on(_neighbor(units, place, -1)) and FINAL in known
    after = INITIAL in known and _joins_back(_neighbor(units, place, 1))
    where = (MEDIAL if after else FINAL) if before else (INITIAL if after else ISOLATED)
    return known.get(where, unit)


def _neighbor(units: list[str], place: int, step: int) -> str:
    """The next unit on that side; marks above and below letters do not part them."""
    place += step
    while 0 <= place < len(units):
        if unicodedata.category(units[place][0]) != "Mn":
            return units[place]
        place += step
    return ""


def _joins_on(unit: str) -> bool:
    return unit == STROKE or INITIAL in shapes().get(unit, {})


def _joins_back(unit: str) -> bool:
    return unit == STROKE or FINAL in shapes().get(unit, {})
