"""Root keys, their ids, and what is derived from them."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from intake.security.keys import KeyRing, RootKey, UnknownRootError

FIRST, SECOND = RootKey.of(bytes(range(32))), RootKey.of(bytes(range(1, 33)))


def test_a_key_is_known_by_an_id_that_follows_from_its_bytes():
    assert RootKey.of(bytes(range(32))) == FIRST
    assert FIRST.id != SECOND.id
    assert len(FIRST.id) == 8


def test_neither_a_key_nor_a_ring_prints_its_secret():
    assert "secret" not in repr(FIRST)
    assert repr(FIRST.secret) not in repr(KeyRing(FIRST, (SECOND,)))


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_root_key_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match="32 bytes"):
        RootKey.of(bytes(length))


def test_every_purpose_and_every_root_has_a_key_of_its_own():
    ring = KeyRing(FIRST, (SECOND,))
    keys = {ring.derive(purpose, root) for purpose in ("wrap", "audit-mac") for root in (FIRST.id, SECOND.id)}
    assert len(keys) == 4
    assert ring.derive("wrap") == ring.derive("wrap", SECOND.id)


def test_a_new_root_key_leaves_what_was_derived_without_naming_one_as_it_was():
    ring = KeyRing(FIRST)
    turned = ring.turned(SECOND)
    assert (turned.current, turned.first) == (SECOND, FIRST)
    assert turned.derive("tokens") == ring.derive("tokens")
    assert turned.derive("wrap", turned.current.id) != ring.derive("wrap", ring.current.id)


def test_a_root_key_made_meanwhile_is_looked_up_where_the_ring_came_from():
    calls = []
    ring = KeyRing(FIRST, reload=lambda: calls.append(1) or KeyRing(SECOND, (FIRST,)))
    assert ring.root(FIRST.id) == FIRST
    assert not calls
    assert ring.root(SECOND.id) == SECOND
    assert ring.current == SECOND
    with pytest.raises(UnknownRootError):
        ring.root("00000000")
    assert len(calls) == 2


def test_derivation_is_hkdf_with_sha256_as_rfc_5869_writes_it():
    extracted = hmac.digest(bytes(32), FIRST.secret, "sha256")
    expanded = hmac.digest(extracted, b"fernleaf/wrap/v1\x01", "sha256")
    assert KeyRing(FIRST).derive("wrap") == expanded


def test_a_root_that_is_not_on_the_ring_is_said_to_be_missing():
    with pytest.raises(UnknownRootError):
        KeyRing(FIRST).derive("wrap", SECOND.id)


def test_a_secret_of_any_length_makes_a_ring():
    ring = KeyRing.from_secret(b"a fixed key that only the tests use!")
    assert ring == KeyRing.from_secret(b"a fixed key that only the tests use!")
    assert ring.current.secret != hashlib.sha256(b"a fixed key that only the tests use!").digest()
