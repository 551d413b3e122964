"""Passwords are hashed slowly, compared evenly, and refused when they are easy to guess."""

from __future__ import annotations

import pytest

from intake.security import passwords
from intake.security.passwords import BusyError, Cost, hash_password, is_outdated, matches, reasons_not_to_accept

CHEAP = Cost(passes=1, memory=8)
GOOD = "seven green kettles hum"


def test_a_password_fits_its_own_hash_only():
    encoded = hash_password(GOOD, CHEAP)
    assert matches(encoded, GOOD, CHEAP)
    assert not matches(encoded, GOOD + " ", CHEAP)
    assert not matches(encoded, "", CHEAP)


def test_the_same_password_is_never_stored_twice_the_same_way():
    assert hash_password(GOOD, CHEAP) != hash_password(GOOD, CHEAP)


def test_the_default_cost_is_the_one_owasp_asks_for():
    encoded = hash_password(GOOD, Cost())
    assert encoded.startswith("$argon2id$")
    assert "m=19456,t=2,p=1" in encoded


def test_a_letter_with_an_accent_is_the_same_however_the_keyboard_makes_it():
    assert matches(hash_password("caf\u00e9 on the corner", CHEAP), "cafe\u0301 on the corner", CHEAP)


@pytest.mark.parametrize("encoded", [None, "", "not a hash", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_somebody_who_does_not_exist_never_gets_in(encoded):
    assert not matches(encoded, GOOD, CHEAP)


@pytest.mark.parametrize(
    "password", [GOOD, "\u6f22\u5b57" * 5 + " and kettles", "kettles hum in the green hall " * 8 + "at noon"]
)
def test_long_passwords_of_any_script_are_welcome(password):
    assert reasons_not_to_accept(password, "Pat Example", "pat") == ()


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "at least 15"),
        ("fourteen chars", "at least 15"),
        ("long enough but far " + "too long " * 40, "at least 15"),
        ("aaaaaaaaaaaaaaaaaaaa", "more different characters"),
        ("abababababababababab", "more different characters"),
        ("x1!" * 20 + "yz", "Many people"),
        ("a" * 200 + "bcdefg", "Many people"),
        ("my name is Pat Example", "Please leave your name"),
        ("PAT EXAMPLE and a kettle", "Please leave your name"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_the_reason(password, reason):
    assert any(reason in said for said in reasons_not_to_accept(password, "Pat Example"))


def test_an_empty_name_forbids_nothing():
    assert reasons_not_to_accept(GOOD, "", "") == ()


def test_the_name_of_the_clinic_is_not_all_a_password_says():
    assert reasons_not_to_accept("Quillbrook2026!Quillbrook", clinic="Quillbrook Center")
    assert not reasons_not_to_accept("Quillbrook2026!Quillbrook", clinic="Elsewhere")


def test_a_hash_without_the_pepper_of_the_installation_fits_nothing():
    peppered = CHEAP.peppered(b"one installation's key, kept apart")
    encoded = hash_password(GOOD, peppered)
    assert matches(encoded, GOOD, peppered)
    for other in (CHEAP, CHEAP.peppered(b"another installation's key, kept apart")):
        assert not matches(encoded, GOOD, other)
    assert "pepper" not in repr(peppered)


def test_a_hash_made_at_a_lower_cost_is_known_as_outdated():
    encoded = hash_password(GOOD, CHEAP)
    assert is_outdated(encoded, Cost())
    assert not is_outdated(encoded, CHEAP)


def test_two_hash_at_once_and_whoever_waits_too_long_is_sent_away(monkeypatch):
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords.turn(), passwords.turn():
        with pytest.raises(BusyError):
            hash_password(GOOD, CHEAP)
        with pytest.raises(BusyError):
            matches(None, GOOD, CHEAP)
    assert matches(hash_password(GOOD, CHEAP), GOOD, CHEAP), "turns are given back"


def test_a_hash_is_the_same_only_as_itself():
    assert passwords.same("$argon2id$a", "$argon2id$a")
    assert passwords.same(None, None)
    assert not passwords.same("$argon2id$a", "$argon2id$b")
    assert not passwords.same(None, "$argon2id$a")
