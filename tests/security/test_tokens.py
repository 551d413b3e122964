"""Secrets that travel are random, easy to type, and stored as keyed hashes only."""

from __future__ import annotations

import re

import pytest

from intake.security.tokens import ALPHABET, keyed_hash, new_code, new_token, settled_code

KEY = b"a fixed key that only the tests use!"


def test_a_token_has_256_bits_and_never_comes_twice():
    found = {new_token() for _ in range(200)}
    assert len(found) == 200
    assert all(re.fullmatch(r"[\w-]{43}", token) for token in found)


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
