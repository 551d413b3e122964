"""Passwords many people think of are found by what they are made of."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest

from intake.security import blocklist
from intake.security.blocklist import is_common
from intake.security.passwords import SHORTEST
from tests.sizes import size, tell

COMMON = (
    *("passwordpassword1", "P@ssw0rdP@ssw0rd!", "Welcome2026Welcome!", "qwertyuiop123456", "1q2w3e4r5t6y7u8i"),
    *("asdfghjklasdfghjkl", "abcdefghijklmnop", "ponmlkjihgfedcba", "123456789012345", "aaaabbbbccccdddde"),
    *("correct horse battery staple", "letmeinletmeinplease", "PelvicFloorTherapy2026", "Summer2026Summer2026!"),
    *("monday tuesday wednesday", "iloveyouiloveyou", "thisismypassword1!", "fernleafclinic2026"),
)
# What people make of a short password when fifteen characters are asked for. The short ones are a handful of those
# everybody knows, and words that stand in no list of ours.
KNOWN = ("password", "p@ssw0rd", "qwerty", "letmein", "dragon", "monkey", "iloveyou", "sunshine", "123456", "abc123")
UNKNOWN = ("mustang", "hunter", "tigger", "chelsea", "maggie", "ranger", "harley", "biteme", "zxc789", "klaster")
NAMES = ("Tessa", "Rowan", "Quill")
KEYS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc",
    "1q2w3e4r5t6y",
    "q1w2e3r4t5y6",
    "0987654321",
)
ENDS = ("", "!", "1", "12", "123!", "2025", "2026", "2026!", "_1", "#1")
SEASONS, CLINIC = (
    ("Spring", "Summer", "Autumn", "Winter"),
    ("fernleaf", "clinic", "pelvic", "floor", "therapy", "notes"),
)
LIKELY = size(1_200, 100_000)
GOOD = (
    *("seven green kettles hum", "nine purple lanterns", "four small copper boats", "marzipan lighthouse"),
    *("x7Kq-91mZ-pp3R-77ab", "Der Zug nach Kiel f\u00e4hrt", "\u6f22\u5b57\u304b\u306a\u4ea4\u3058\u308a\u6587\u7ae0"),
)


def stretched() -> Iterator[str]:
    """Every way we know to make a short password long: it is said again, counted on, or put beside another."""
    short = (*KNOWN, *UNKNOWN, *NAMES)
    for word, end in itertools.product(short, ENDS):
        yield from (word * (SHORTEST // len(word) + 1) + end, (word * SHORTEST)[:SHORTEST])
        yield from (word + "1234567890123456"[: SHORTEST - len(word)], (word + "2026") * 2 + end)
        yield from (word.capitalize() * 3 + end, f"{word}-{word}-{word}-{word}{end}")
    for one, other, end in itertools.product(KEYS, KEYS, ENDS):
        yield from (one + other + end, one.upper() + other + end)
    for one, other, end in itertools.product((*KNOWN, *SEASONS, *NAMES), (*KNOWN, *CLINIC), ENDS):
        yield from (one + other + end, f"{one}2026{other}{end}", f"{other}_{one}_{end}")
    for one, other, third, end in itertools.product(CLINIC, CLINIC, CLINIC, ENDS):
        yield one + other + third + end
    for season, year, end in itertools.product(SEASONS, range(1950, 2030), ENDS):
        yield from (f"{season}{year}{season}{year}{end}", f"{season}{year}{end}{season}{year + 1}")


def likely() -> list[str]:
    """Those that are long enough to be chosen here, evenly out of all of them."""
    every = sorted({each for each in stretched() if len(each) >= SHORTEST})
    return every[:: max(1, len(every) // LIKELY)]


def test_short_passwords_everybody_uses_do_not_get_in_by_being_made_long():
    tried = likely()
    let_in = [password for password in tried if not is_common(password, NAMES)]
    tell(f"{len(tried)} likely passwords of {SHORTEST} characters and more, {len(let_in)} let in")
    assert len(tried) >= LIKELY or size(0, 1)
    assert let_in == []


def test_a_check_without_its_rule_for_what_is_said_again_would_let_them_in(monkeypatch):
    said_again = [word * 3 for word in UNKNOWN if len(word * 3) >= SHORTEST]
    assert all(map(is_common, said_again))
    monkeypatch.setattr(blocklist, "_once", lambda text: text)
    monkeypatch.setattr(blocklist, "FEWEST_LEFT", 6)
    assert not any(map(is_common, said_again))


@pytest.mark.parametrize("password", COMMON)
def test_what_everybody_thinks_of_is_refused(password):
    assert is_common(password)


@pytest.mark.parametrize("password", GOOD)
def test_words_that_do_not_belong_together_are_welcome(password):
    assert not is_common(password)


def test_names_count_as_nothing():
    assert is_common("Quillbrook-Tessa-2026", ("Tessa Invented", "Quillbrook"))
    assert not is_common("Quillbrook-Tessa-2026")


def test_without_its_data_the_check_would_let_them_in(monkeypatch):
    monkeypatch.setattr(blocklist, "_stems", frozenset)
    monkeypatch.setattr(blocklist, "_walks", tuple)
    let_in = [password for password in COMMON if not is_common(password)]
    assert len(let_in) > len(COMMON) / 2


def test_a_password_of_the_greatest_length_is_looked_at_quickly():
    started = time.perf_counter()
    for password in ("ab" * 128, "q" * 256, "x1!" * 85, "kettle " * 36):
        is_common(password)
    assert time.perf_counter() - started < 2
