"""A signed record holds while every byte of it is as it was, and no longer: whatever is changed, by whomever."""

from __future__ import annotations

import json
import uuid
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.security import canonical, proof, signing
from intake.security.proof import PASSKEY, PASSWORD_KEY, Key, Proof
from intake.security.signing import Instance
from tests.passkeys import ORIGIN, Authenticator
from tests.sizes import size, tell

INSTANCE = Instance.of(signing.new_key())
STRANGER = Instance.of(b"x" * 32)
AT = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
USER = str(uuid.UUID(int=1))
EVERY = size(7, 1)  # one byte in so many is changed


def content(**more):
    said = {"author": {"id": USER, "name": "Tess Example"}, "instance": signing.fingerprint(INSTANCE.public)}
    said |= {"patient": str(uuid.UUID(int=2)), "position": 3, "signed_at": AT, "text": "Walks 30 minutes, é, 3 cm."}
    return canonical.dump({**said, **more})


def certified(key, instance=INSTANCE):
    key = replace(key, instance_public=instance.public)
    return replace(key, certificate=instance.sign(signing.KEY, key.certified()))


def signed(made, instance=INSTANCE):
    """Countersign, as the clinic does."""
    said = canonical.load(made.content)
    sha256 = signing.digest(made.signed)
    told = (sha256, made.signature, made.key.id, said["patient"], said["position"], made.countersigned_at)
    counter = instance.sign(signing.COUNTERSIGNATURE, proof.countersigned(*told))
    return replace(made, sha256=sha256, countersignature=counter, instance_public=instance.public)


def by_password(said=None, private=None, key=None):
    private = private or signing.new_key()
    plain = Key("key-1", USER, PASSWORD_KEY, signing.public_of(private), AT - timedelta(days=9), None, b"", b"")
    said = said or content()
    signature = signing.sign(private, signing.labelled(signing.NOTE, said))
    return signed(Proof(said, "", key or certified(plain), signature, AT, b"", b""))


def by_passkey():
    device, said = Authenticator(), content()
    public = proof.assertions.public_of(device.cose)
    plain = Key("key-2", USER, PASSKEY, public, AT - timedelta(days=9), None, b"", b"")
    key = certified(replace(plain, credential_id=device.credential_id, cose=device.cose, origin=ORIGIN))
    answer = device.sign(signing.labelled(signing.NOTE, said))
    made = Proof(said, "", key, answer.signature, AT, b"", b"")
    return signed(replace(made, client_data=answer.client_data, authenticator_data=answer.authenticator_data))


def wrong(made, trusted=INSTANCE.trusted):
    return proof.problems(made, trusted)


@pytest.fixture(params=[by_password, by_passkey])
def good(request):
    return request.param()


def test_a_record_as_it_was_signed_holds(good):
    assert wrong(good) == ()


def flipped(whole, number):
    changed = bytearray(whole)
    changed[number] ^= 1 << number % 8
    return bytes(changed)


def mutations(made):
    """Every field of a proof and of its key, byte by byte, with another value in its place."""
    for holder, put in ((made, lambda **new: replace(made, **new)), (made.key, lambda **new: _with_key(made, **new))):
        for field in fields(holder):
            value = getattr(holder, field.name)
            match value:
                case bytes():
                    yield from (
                        (field.name, put(**{field.name: flipped(value, n)})) for n in range(0, len(value), EVERY)
                    )
                    yield field.name, put(**{field.name: value + b"x"})
                case str():
                    yield field.name, put(**{field.name: value + "0"})
                case datetime():
                    moved = (timedelta(microseconds=1), timedelta(days=-1), timedelta(days=400))
                    yield from ((field.name, put(**{field.name: value + by})) for by in moved)
                case None:
                    yield field.name, put(**{field.name: AT - timedelta(seconds=1)})


def _with_key(made, **new):
    return replace(made, key=replace(made.key, **new))


# A password key has no passkey's parts; what stands there is neither read nor certified.
UNREAD = {by_password: {"client_data", "authenticator_data"}, by_passkey: set()}


@pytest.mark.parametrize("make", [by_password, by_passkey])
def test_whatever_is_changed_is_flagged(make):
    made = make()
    tried = [(name, changed) for name, changed in mutations(made) if name not in UNREAD[make]]
    missed = [name for name, changed in tried if not wrong(changed)]
    tell(f"{len(tried)} changes to a proof by {made.key.method}: {len(missed)} missed")
    assert missed == []


def test_a_check_that_looks_at_nothing_would_miss_them_all(monkeypatch):
    """The control."""
    monkeypatch.setattr(proof, "CHECKS", {})
    missed = [name for name, changed in mutations(by_password()) if not wrong(changed)]
    assert {"sha256", "signature", "public", "countersigned_at"} <= set(missed)


@pytest.mark.parametrize("check", ["signature", "countersignature"])
def test_somebody_who_rewrites_text_and_hash_together_is_caught_by_the_signatures(check, monkeypatch):
    made = by_password()
    said = content(text="Walks 3 minutes.")
    forged = replace(made, content=said, sha256=signing.digest(signing.labelled(signing.NOTE, said)))
    assert check in wrong(forged)
    monkeypatch.setattr(
        proof, "CHECKS", {name: holds for name, holds in proof.CHECKS.items() if "signature" not in name}
    )
    assert wrong(forged) == ()


def test_somebody_who_puts_their_own_key_in_place_is_caught_by_the_certificate():
    mine = signing.new_key()
    made = by_password()
    swapped = _with_key(by_password(private=mine, key=made.key), public=signing.public_of(mine))
    assert wrong(swapped) == ("certificate",)


def test_somebody_with_a_clinic_s_key_of_their_own_is_caught_by_the_list_of_ours():
    mine = signing.new_key()
    key = certified(Key("key-1", USER, PASSWORD_KEY, signing.public_of(mine), AT, None, b"", b""), STRANGER)
    said = content(instance=signing.fingerprint(STRANGER.public))
    forged = signed(replace(by_password(said, mine), key=key), STRANGER)
    assert wrong(forged) == ("certificate", "countersignature")
    assert wrong(forged, STRANGER.trusted) == ()


def test_a_signature_of_one_record_does_not_fit_another():
    private = signing.new_key()
    one = by_password(private=private)
    other = by_password(content(text="Another"), private, one.key)
    for name in ("content", "signature", "countersignature", "sha256"):
        assert wrong(replace(one, **{name: getattr(other, name)}))


def test_a_key_of_one_person_does_not_sign_for_another():
    private = signing.new_key()
    key = Key("key-9", str(uuid.UUID(int=9)), PASSWORD_KEY, signing.public_of(private), AT, None, b"", b"")
    assert wrong(by_password(private=private, key=certified(key))) == ("signer",)


@pytest.mark.parametrize(
    ("valid_from", "valid_until"), [(AT + timedelta(seconds=1), None), (AT, AT - timedelta(seconds=1))]
)
def test_a_key_signs_while_it_is_valid(valid_from, valid_until):
    private = signing.new_key()
    key = Key("key-1", USER, PASSWORD_KEY, signing.public_of(private), valid_from, valid_until, b"", b"")
    assert wrong(by_password(private=private, key=certified(key))) == ("time",)


def test_a_date_before_the_countersignature_s_is_noticed():
    for moved in (timedelta(minutes=-6), timedelta(seconds=1)):
        private = signing.new_key()
        assert wrong(by_password(content(signed_at=AT + moved), private)) == ("time",)


def test_nonsense_is_flagged_and_never_an_exception():
    made = by_password()
    for nonsense in (b"", b"{}", b"[]", b"null", b'{"author":7}', b"\xff"):
        assert wrong(replace(made, content=nonsense)) == ("content",)


def test_the_bundle_says_everything_in_plain_json(good):
    bundle = json.loads(json.dumps(proof.bundle(good)))
    assert bundle["content"].encode() == good.content
    assert bundle["code"] == signing.code(good.sha256)
    assert bytes.fromhex(bundle["public_key"]) == good.key.public
