"""A clinician's key opens for one password, one person, one key id; what it signs is checked by anybody."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from intake.security import signing
from intake.security.passwords import Cost
from intake.security.signing import Instance, LockedError

COST = Cost(passes=1, memory=8)
PASSWORD = "seven green kettles hum"
WHOSE = {"key_id": "key-1", "user": "user-1"}


@pytest.fixture
def private():
    return signing.new_key()


@pytest.fixture
def wrapped(private):
    return signing.wrap(private, PASSWORD, **WHOSE, cost=COST)


def test_the_password_opens_the_key(private, wrapped):
    assert signing.unwrap(wrapped, PASSWORD, **WHOSE) == private
    assert private not in wrapped.sealed


def test_a_letter_typed_on_another_keyboard_is_the_same_password(private):
    wrapped = signing.wrap(private, "caf\u00e9 " * 4, **WHOSE, cost=COST)
    assert signing.unwrap(wrapped, "cafe\u0301 " * 4, **WHOSE) == private


@pytest.mark.parametrize(
    ("password", "whose"),
    [("seven green kettles hiss", {}), ("", {}), (PASSWORD, {"key_id": "key-2"}), (PASSWORD, {"user": "user-2"})],
)
def test_nothing_else_opens_it(wrapped, password, whose):
    with pytest.raises(LockedError):
        signing.unwrap(wrapped, password, **{**WHOSE, **whose})


def test_a_changed_bit_keeps_it_shut(wrapped):
    for number in range(len(wrapped.sealed)):
        changed = bytearray(wrapped.sealed)
        changed[number] ^= 1
        with pytest.raises(LockedError):
            signing.unwrap(replace(wrapped, sealed=bytes(changed)), PASSWORD, **WHOSE)
    for broken in (replace(wrapped, salt=b"0" * 16), replace(wrapped, sealed=b""), replace(wrapped, sealed=b"x" * 20)):
        with pytest.raises(LockedError):
            signing.unwrap(broken, PASSWORD, **WHOSE)


def test_two_keys_of_one_password_share_nothing(private, wrapped):
    again = signing.wrap(private, PASSWORD, **WHOSE, cost=COST)
    assert again.salt != wrapped.salt
    assert again.sealed != wrapped.sealed


def test_a_signature_fits_its_bytes_and_its_key_alone(private):
    public, other = signing.public_of(private), signing.public_of(signing.new_key())
    signature = signing.sign(private, b"text")
    assert signing.verifies(public, signature, b"text")
    assert not signing.verifies(public, signature, b"texT")
    assert not signing.verifies(other, signature, b"text")
    for nonsense in (b"", b"x", public[:-1]):
        assert not signing.verifies(nonsense, signature, b"text")
        assert not signing.verifies(public, nonsense, b"text")


def test_a_signature_for_one_purpose_does_not_fit_another():
    instance = Instance.of(b"k" * 32)
    signature = instance.sign(signing.KEY, {"a": 1})
    assert signing.verifies(instance.public, signature, signing.labelled(signing.KEY, b'{"a":1}'))
    assert not signing.verifies(instance.public, signature, signing.labelled(signing.COUNTERSIGNATURE, b'{"a":1}'))


def test_older_keys_of_the_instance_still_count():
    first, second = signing.new_key(), signing.new_key()
    after = Instance.of(second, first)
    assert after.trusted == {signing.public_of(first), signing.public_of(second)}
    assert after.public == signing.public_of(second)
    assert repr(second) not in repr(after)


def test_a_code_is_a_hundred_bits_of_the_hash_and_leads_back_to_them():
    sha256 = signing.digest(b"text")
    code = signing.code(sha256)
    assert len(code) == 24
    assert base64.b32encode(bytes.fromhex(sha256)).decode().startswith(code.replace("-", ""))
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert signing.hash_start(typed) == sha256[:25]
    for typed in (code[:-1], code + "A", "", "é" * 20, "99999-99999"):
        assert signing.hash_start(typed) == ""


def test_letters_that_look_like_digits_are_read_as_meant():
    assert signing.hash_start("OIBA" * 5) == signing.hash_start("018A" * 5)
