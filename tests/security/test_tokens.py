"""Secrets that travel are random, easy to type, and stored as keyed hashes only."""

from __future__ import annotations

import random
import re
import secrets
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from intake.security.providers.table import new_root
from intake.security.tokens import ALPHABET, keyed_hash, new_code, new_token, settled_code
from tests.sizes import size, tell

THREADS, DRAWS = 16, size(400, 50_000)
KEY = b"a fixed key that only the tests use!"


def test_a_token_has_256_bits_and_never_comes_twice():
    found = {new_token() for _ in range(200)}
    assert len(found) == 200
    assert all(re.fullmatch(r"[\w-]{43}", token) for token in found)


def drawn(draw, each):
    """What many threads draw at the same moment, all of it."""
    start = threading.Barrier(THREADS)

    def keep_drawing(_number):
        start.wait(10)
        return [draw() for _ in range(each)]

    with ThreadPoolExecutor(THREADS) as threads:
        return [one for found in threads.map(keep_drawing, range(THREADS)) for one in found]


@pytest.mark.parametrize("draw", [new_token, new_code, new_root])
def test_many_who_draw_at_once_never_draw_the_same(draw):
    found = drawn(draw, DRAWS)
    tell(f"{draw.__name__}: {len(found)} drawn by {THREADS} threads at once, {len(found) - len(set(found))} twice")
    assert len(set(found)) == len(found) == THREADS * DRAWS


def test_what_is_drawn_under_load_leans_to_no_letter():
    """Each of 32 letters within seven standard deviations of its share: five are met by chance now and then."""
    letters = Counter("".join(drawn(new_code, DRAWS)).replace("-", ""))
    share = letters.total() / len(ALPHABET)
    assert set(letters) == set(ALPHABET)
    assert max(abs(number - share) for number in letters.values()) < 7 * share**0.5


def test_a_poor_source_under_load_would_be_noticed():
    """The control: a generator with 20 bits, started anew for each draw."""
    found = drawn(lambda: random.Random(secrets.randbits(20)).getrandbits(60), DRAWS)
    assert len(set(found)) < len(found)


def test_a_code_is_twelve_characters_in_groups_nobody_misreads():
    for _ in range(200):
        code = new_code()
        assert re.fullmatch(rf"([{ALPHABET}]{{4}}-){{2}}[{ALPHABET}]{{4}}", code)
        assert not set(code) & set("ILOU")


@pytest.mark.parametrize(
    "typed",
    [
        "ABCD-2345-WXYZ",
        "abcd-2345-wxyz",
        " ABCD 2345 WXYZ ",
        "abcd2345wxyz",
        "a b c d 2 3 4 5 w x y z",
        "ABCD--2345WXYZ",
    ],
)
def test_a_code_may_be_typed_in_many_ways(typed):
    assert settled_code(typed) == "ABCD2345WXYZ"


def test_characters_that_look_alike_are_put_right():
    assert settled_code("oOil-Li00-1111") == "001111001111"


@pytest.mark.parametrize(
    "typed", ["", "ABCD", "ABCD-2345-WXYZ-9", "ABCD-2345-WXYU", "ABCD-2345-WXY!", "\u0410BCD-2345-WXYZ"]
)
def test_what_cannot_be_a_code_is_none(typed):
    assert settled_code(typed) == ""


def test_a_new_code_settles_to_itself():
    code = new_code()
    assert settled_code(code) == code.replace("-", "")


def test_a_hash_depends_on_the_key_the_purpose_and_the_value():
    found = {
        keyed_hash(key, purpose, value)
        for key in (KEY, KEY[::-1])
        for purpose in ("password", "access-code")
        for value in ("a", "b")
    }
    assert len(found) == 8
    assert all(re.fullmatch(r"[0-9a-f]{64}", value) for value in found)
    assert keyed_hash(KEY, "password", "a") == keyed_hash(KEY, "password", "a")
