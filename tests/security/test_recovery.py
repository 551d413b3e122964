"""Codes on paper can be read, typed and never guessed."""

from __future__ import annotations

import pytest

from intake.security import recovery


def test_there_are_ten_of_80_bits_and_no_two_alike():
    codes = recovery.new_codes()
    assert len(set(codes)) == 10
    assert {len(recovery.settled(code)) for code in codes} == {16}


def test_the_owner_s_key_has_120_bits():
    assert len(recovery.settled(recovery.new_owner_key())) == 24


def test_capitals_dashes_and_look_alikes_do_not_matter():
    (code, *_rest) = recovery.new_codes()
    wanted = code.replace("-", "")
    assert recovery.settled(code.lower().replace("-", " ")) == wanted
    assert recovery.settled(code.replace("0", "o").replace("1", "l")) == wanted


@pytest.mark.parametrize("typed", ["", "0123", "0123-4567-89AB-CDE", "U" * 16, "!" * 16, "0" * 17, "\x00" * 16])
def test_what_cannot_be_a_code_is_nothing(typed):
    assert recovery.settled(typed) == ""
