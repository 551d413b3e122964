"""Passwords many people think of are found by what they are made of."""

from __future__ import annotations

import time

import pytest

from intake.security import blocklist
from intake.security.blocklist import is_common

COMMON = (
    *("passwordpassword1", "P@ssw0rdP@ssw0rd!", "Welcome2026Welcome!", "qwertyuiop123456", "1q2w3e4r5t6y7u8i"),
    *("asdfghjklasdfghjkl", "abcdefghijklmnop", "ponmlkjihgfedcba", "123456789012345", "aaaabbbbccccdddde"),
    *("correct horse battery staple", "letmeinletmeinplease", "PelvicFloorTherapy2026", "Summer2026Summer2026!"),
    *("monday tuesday wednesday", "iloveyouiloveyou", "thisismypassword1!", "fernleafclinic2026"),
)
GOOD = (
    *("seven green kettles hum", "nine purple lanterns", "four small copper boats", "marzipan lighthouse"),
    *("x7Kq-91mZ-pp3R-77ab", "Der Zug nach Kiel f\u00e4hrt", "\u6f22\u5b57\u304b\u306a\u4ea4\u3058\u308a\u6587\u7ae0"),
)


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
