"""The recovery sheet: a root key as words that can be written down, read over the telephone and typed back.

A word stands for 16 bits: consonant, vowel, consonant, vowel, consonant, with 4, 2, 4, 2 and 4 bits. Letters that look
alike in writing were left out, and there is no list of words to keep. A line holds four words of the key and a fifth
that checks them: it follows from the line's place and its words, so a slip, a swap and a missing line all show, and say
where they are. Four lines are a key.
"""

from __future__ import annotations

import hashlib

from intake.security.keys import ROOT_BYTES, RootKey

CONSONANTS, VOWELS = "bdfghklmnprstvwz", "aeou"
SHIFTS = ((12, CONSONANTS), (10, VOWELS), (6, CONSONANTS), (4, VOWELS), (0, CONSONANTS))
WORD_BYTES, WORDS_A_LINE = 2, 4
LINE_BYTES = WORD_BYTES * WORDS_A_LINE
LINES = ROOT_BYTES // LINE_BYTES


class SheetError(ValueError):
    """A line was not copied as it stands on the sheet; the message says what to look at."""


def lines(root: RootKey) -> tuple[str, ...]:
    """The four lines of a root key."""
    parts = [root.secret[start : start + LINE_BYTES] for start in range(0, ROOT_BYTES, LINE_BYTES)]
    return tuple(_line(number, part) for number, part in enumerate(parts))


def _line(number: int, part: bytes) -> str:
    return " ".join(_word(each) for each in (*_pairs(part), _check(number, part)))


def _pairs(part: bytes) -> list[bytes]:
    return [part[start : start + WORD_BYTES] for start in range(0, len(part), WORD_BYTES)]


def _check(number: int, part: bytes) -> bytes:
    return hashlib.sha256(b"fernleaf-sheet/v1" + bytes([number]) + part).digest()[:WORD_BYTES]


def _word(pair: bytes) -> str:
    number = int.from_bytes(pair)
    return "".join(letters[number >> shift & len(letters) - 1] for shift, letters in SHIFTS)


def part(number: int, typed: str) -> bytes:
    """The 8 bytes of a line, counted from 0; SheetError when it cannot be that line."""
    words = typed.lower().split()
    if len(words) != WORDS_A_LINE + 1:
        message = f"Line {number + 1} has five words, not {len(words)}."
        raise SheetError(message)
    pairs = [_pair(number, word) for word in words]
    found = b"".join(pairs[:WORDS_A_LINE])
    if pairs[-1] != _check(number, found):
        message = f"Line {number + 1} does not check: compare each word with the sheet, and whether it is this line."
        raise SheetError(message)
    return found


def _pair(number: int, word: str) -> bytes:
    fits = len(word) == len(SHIFTS)
    if not fits or any(letter not in letters for letter, (_shift, letters) in zip(word, SHIFTS, strict=True)):
        message = f"Line {number + 1}: “{word}” cannot stand on a sheet."
        raise SheetError(message)
    bits = (letters.index(letter) << shift for letter, (shift, letters) in zip(word, SHIFTS, strict=True))
    return sum(bits).to_bytes(WORD_BYTES)


def root(typed: tuple[str, ...]) -> RootKey:
    """The root key of four lines; SheetError for the first that is wrong."""
    if len(typed) != LINES:
        message = f"A root key has {LINES} lines, not {len(typed)}."
        raise SheetError(message)
    return RootKey.of(b"".join(part(number, line) for number, line in enumerate(typed)))
