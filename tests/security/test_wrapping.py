"""Root keys under a passphrase."""

from __future__ import annotations

import json
import time

import pytest

from intake.security import wrapping
from intake.security.wrapping import Lock, NotWrappedError, WrongPassphraseError

PLAIN = b"the root keys"


@pytest.fixture(scope="module")
def lock():
    return Lock.made("seven green kettles hum")


def test_the_right_passphrase_opens_it_and_another_does_not(lock):
    wrapped = lock.wrap(PLAIN)
    assert Lock.made("seven green kettles hum", wrapping.salt_of(wrapped)).unwrap(wrapped) == PLAIN
    with pytest.raises(WrongPassphraseError):
        Lock.made("seven green kettles hun", wrapping.salt_of(wrapped)).unwrap(wrapped)
    assert PLAIN not in wrapped


def test_the_passphrase_may_be_typed_on_another_keyboard():
    composed, decomposed = "caf\u00e9 with five ferns", "cafe\u0301 with five ferns"
    wrapped = Lock.made(composed).wrap(PLAIN)
    assert Lock.made(decomposed, wrapping.salt_of(wrapped)).unwrap(wrapped) == PLAIN


def test_every_file_has_a_salt_and_a_nonce_of_its_own(lock):
    assert Lock.made("seven green kettles hum").salt != lock.salt
    assert json.loads(lock.wrap(PLAIN))["nonce"] != json.loads(lock.wrap(PLAIN))["nonce"]


def test_a_flipped_bit_anywhere_in_the_sealed_part_is_noticed(lock):
    parts = json.loads(lock.wrap(PLAIN))
    for name in ("nonce", "sealed"):
        sound = bytes.fromhex(parts[name])
        for place in range(len(sound)):
            broken = bytearray(sound)
            broken[place] ^= 1
            with pytest.raises(WrongPassphraseError):
                lock.unwrap(json.dumps({**parts, name: bytes(broken).hex()}).encode())


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"salt": 1}', b"9f3c1a77 00"])
def test_a_file_of_another_kind_is_said_to_be_one(content, lock):
    with pytest.raises(NotWrappedError):
        lock.unwrap(content)


def test_a_version_nobody_knows_is_not_guessed_at(lock):
    later = lock.wrap(PLAIN).replace(b'"version": 1', b'"version": 2')
    with pytest.raises(NotWrappedError):
        lock.unwrap(later)


def test_a_guess_costs_what_rfc_9106_asks_for():
    assert (wrapping.MEMORY, wrapping.PASSES, wrapping.LANES) == (64 * 1024, 3, 4)
    started = time.perf_counter()
    Lock.made("x", bytes(16))
    assert time.perf_counter() - started > 0.02
