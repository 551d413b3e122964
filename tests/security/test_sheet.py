"""The recovery sheet gives back the key it was made from, and says where a slip is."""

from __future__ import annotations

import contextlib
import os
import random

import pytest

from intake.security import sheet
from intake.security.keys import RootKey
from intake.security.sheet import SheetError
from tests.sizes import size

KEYS = size(200, 20_000)
SLIPS = size(2_000, 200_000)
ROOT = RootKey.of(bytes(range(32)))


def test_any_key_comes_back_from_its_sheet():
    for _ in range(KEYS):
        root = RootKey.of(os.urandom(32))
        typed = tuple("  ".join(line.upper().split()) for line in sheet.lines(root))
        assert sheet.root(typed) == root


def test_a_sheet_has_four_lines_of_five_words_that_can_be_said():
    assert sheet.lines(ROOT) == tuple(line.lower() for line in sheet.lines(ROOT))
    assert [len(line.split()) for line in sheet.lines(ROOT)] == [5, 5, 5, 5]
    assert sheet.lines(RootKey.of(bytes(32)))[0].startswith("babab babab babab babab ")


def slip(line, chance):
    """One letter replaced by another of its kind, two words swapped, or a word doubled."""
    words = line.split()
    kind, place = chance.randrange(3), chance.randrange(4)
    if kind == 0:
        letters, at = list(words[place]), chance.randrange(5)
        same = sheet.CONSONANTS if letters[at] in sheet.CONSONANTS else sheet.VOWELS
        letters[at] = chance.choice([other for other in same if other != letters[at]])
        words[place] = "".join(letters)
    elif kind == 1:
        words[place], words[place + 1] = words[place + 1], words[place]
    else:
        words[place + 1] = words[place]
    return " ".join(words)


def test_slips_of_the_pen_are_noticed():
    chance = random.Random(5)
    missed = 0
    for _ in range(SLIPS):
        number = chance.randrange(4)
        line = sheet.lines(RootKey.of(chance.randbytes(32)))[number]
        wrong = slip(line, chance)
        with contextlib.suppress(SheetError):
            sheet.part(number, wrong)
            missed += wrong != line
    assert missed <= SLIPS * 2 / 65536 + 3  # a check of 16 bits lets one slip in 65,536 pass; four lines seldom do


def test_lines_in_another_order_are_noticed():
    lines = sheet.lines(ROOT)
    with pytest.raises(SheetError, match="Line 1 does not check"):
        sheet.root((lines[1], lines[0], *lines[2:]))


def test_a_sheet_without_its_checks_would_let_a_slip_pass(monkeypatch):
    monkeypatch.setattr(sheet, "_check", lambda number, part: b"\0\0")
    line = sheet.lines(ROOT)[0]
    assert sheet.part(0, slip(line, random.Random(1))) != ROOT.secret[:8]


@pytest.mark.parametrize("typed", ["", "babab", "babab babab babab babab babib", "a b c d e", "ábabab x x x x"])
def test_what_cannot_stand_on_a_sheet_is_refused(typed):
    with pytest.raises(SheetError, match="Line 1"):
        sheet.part(0, typed)


def test_a_missing_line_is_noticed():
    with pytest.raises(SheetError, match="4 lines"):
        sheet.root(sheet.lines(ROOT)[:3])
