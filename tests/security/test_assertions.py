"""A passkey signs the hash of the text, on our pages, by the person it belongs to, or it signs nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.security import assertions
from tests.passkeys import ORIGIN, Authenticator

TEXT = b"the text of a note"


def holds(device, assertion, text=TEXT, **more):
    plain = {"cose": device.cose, "public": assertions.public_of(device.cose), "origin": ORIGIN}
    return assertions.verifies(assertion, text, **{**plain, **more})


@pytest.fixture
def device():
    return Authenticator()


def test_an_assertion_over_the_text_holds(device):
    assert holds(device, device.sign(TEXT))


def test_another_text_key_origin_or_purpose_does_not(device):
    good = device.sign(TEXT)
    assert not holds(device, good, TEXT + b" ")
    other = Authenticator().cose
    assert not holds(device, good, cose=other)
    assert not holds(device, good, public=assertions.public_of(other))
    assert not holds(device, good, cose=other, public=assertions.public_of(other))
    assert not holds(device, good, origin="https://elsewhere.example")
    assert not holds(device, device.sign(TEXT, kind="webauthn.create"))


def test_somebody_the_passkey_did_not_check_does_not_sign():
    unchecked = Authenticator(verified=False)
    assert not holds(unchecked, unchecked.sign(TEXT))


@pytest.mark.parametrize("part", ["client_data", "authenticator_data", "signature"])
def test_a_changed_bit_is_noticed_wherever_it_is(device, part):
    good = device.sign(TEXT)
    whole = getattr(good, part)
    for number in range(len(whole)):
        changed = bytearray(whole)
        changed[number] ^= 1
        assert not holds(device, replace(good, **{part: bytes(changed)})), number
    assert not holds(device, replace(good, **{part: b""}))


def test_a_public_key_reads_in_any_tool_and_nonsense_is_none(device):
    assert assertions.public_of(device.cose)[:1] == b"\x30"
    for nonsense in (b"", b"x" * 40, device.cose[:-1]):
        with pytest.raises(ValueError, match="no public key"):
            assertions.public_of(nonsense)
        assert not holds(device, device.sign(TEXT), cose=nonsense)
