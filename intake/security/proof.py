"""What proves a signed record, and whether it holds: pure bytes in, the list of what is wrong out."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from intake.security import assertions, canonical, signing
from intake.security.assertions import Assertion

FORMAT = "fernleaf-proof-v1"
PASSWORD_KEY, PASSKEY = "password-key", "passkey"
LONGEST_GESTURE = timedelta(minutes=5)  # from the text being fixed to the passkey's touch; a password signs at once


@dataclass(frozen=True, slots=True)
class Key:
    """A clinician's public key (DER) with the instance's certificate: this key is that person's, from then on."""

    id: str
    user: str
    method: str
    public: bytes
    valid_from: datetime
    valid_until: datetime | None
    certificate: bytes
    instance_public: bytes
    credential_id: bytes = b""
    cose: bytes = b""
    origin: str = ""

    def certified(self) -> dict[str, str]:
        """What the certificate says."""
        return {
            "cose": self.cose.hex(),
            "credential": self.credential_id.hex(),
            "from": canonical.moment(self.valid_from),
            "key": self.id,
            "method": self.method,
            "origin": self.origin,
            "public": self.public.hex(),
            "user": self.user,
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """One signed record: its canonical bytes, the clinician's signature and the instance's countersignature."""

    content: bytes
    sha256: str
    key: Key
    signature: bytes
    countersigned_at: datetime
    countersignature: bytes
    instance_public: bytes
    client_data: bytes = b""
    authenticator_data: bytes = b""

    @property
    def signed(self) -> bytes:
        """The bytes that were signed."""
        return signing.labelled(signing.NOTE, self.content)


def countersigned(
    sha256: str, signature: bytes, key_id: str, patient: object, position: int, at: datetime
) -> dict[str, Any]:
    """What the instance's countersignature says: this signature was made now, at this place of the ledger."""
    return {
        "at": canonical.moment(at),
        "key": key_id,
        "patient": str(patient),
        "position": position,
        "sha256": sha256,
        "signature": signature.hex(),
    }


def challenge(content: bytes) -> bytes:
    """What a passkey is asked to sign for a record."""
    return assertions.challenge(signing.labelled(signing.NOTE, content))


def challenge_text(content: bytes) -> str:
    """The same as browsers write it: base 64 for addresses, without padding."""
    return base64.urlsafe_b64encode(challenge(content)).decode().rstrip("=")


def signature_holds(proof: Proof) -> bool:
    """Whether the clinician's key signed these bytes."""
    if proof.key.method == PASSKEY:
        key = proof.key
        assertion = Assertion(key.credential_id, proof.client_data, proof.authenticator_data, proof.signature)
        return assertions.verifies(assertion, proof.signed, cose=key.cose, public=key.public, origin=key.origin)
    no_passkey = proof.key.method == PASSWORD_KEY and not proof.client_data and not proof.authenticator_data
    return no_passkey and signing.verifies(proof.key.public, proof.signature, proof.signed)


def problems(proof: Proof, trusted: frozenset[bytes]) -> tuple[str, ...]:
    """The names of every check that fails, empty for a good proof. `trusted` are the instance's public keys."""
    try:
        content = canonical.load(proof.content)
        return tuple(name for name, holds in CHECKS.items() if not holds(proof, content, trusted))
    except (ValueError, KeyError, TypeError):
        return ("content",)


def _hash(proof: Proof, _content: Any, _trusted: frozenset[bytes]) -> bool:
    return signing.digest(proof.signed) == proof.sha256


def _signature(proof: Proof, _content: Any, _trusted: frozenset[bytes]) -> bool:
    return signature_holds(proof)


def _certificate(proof: Proof, _content: Any, trusted: frozenset[bytes]) -> bool:
    key = proof.key
    same = key.instance_public == proof.instance_public
    return same and key.instance_public in trusted and certificate_holds(key)


def certificate_holds(key: Key) -> bool:
    """Whether the instance vouched for this key being that person's."""
    said = signing.labelled(signing.KEY, canonical.dump(key.certified()))
    return signing.verifies(key.instance_public, key.certificate, said)


def _signer(proof: Proof, content: Any, _trusted: frozenset[bytes]) -> bool:
    return bool(content["author"]["id"] == proof.key.user)


def _countersignature(proof: Proof, content: Any, trusted: frozenset[bytes]) -> bool:
    place = content["patient"], content["position"]
    said = countersigned(proof.sha256, proof.signature, proof.key.id, *place, proof.countersigned_at)
    whole = signing.labelled(signing.COUNTERSIGNATURE, canonical.dump(said))
    known = proof.instance_public in trusted
    return known and signing.verifies(proof.instance_public, proof.countersignature, whole)


def _instance(proof: Proof, content: Any, _trusted: frozenset[bytes]) -> bool:
    return bool(content["instance"] == signing.fingerprint(proof.instance_public))


def _time(proof: Proof, content: Any, _trusted: frozenset[bytes]) -> bool:
    at, key = proof.countersigned_at, proof.key
    within = key.valid_from <= at and (key.valid_until is None or at <= key.valid_until)
    return within and timedelta(0) <= at - datetime.fromisoformat(content["signed_at"]) <= LONGEST_GESTURE


CHECKS: Mapping[str, Callable[[Proof, Any, frozenset[bytes]], bool]] = {
    "hash": _hash,
    "signature": _signature,
    "certificate": _certificate,
    "signer": _signer,
    "countersignature": _countersignature,
    "instance": _instance,
    "time": _time,
}


def bundle(proof: Proof) -> dict[str, Any]:
    """The proof as a file that needs nothing of ours to be checked: bytes in hex, `content` as the text it is."""
    key, place = proof.key, canonical.load(proof.content)
    told = (proof.sha256, proof.signature, key.id, place["patient"], place["position"], proof.countersigned_at)
    return {
        "certificate": {
            "says": key.certified(),
            "instance": key.instance_public.hex(),
            "signature": key.certificate.hex(),
        },
        "code": signing.code(proof.sha256),
        "content": proof.content.decode(),
        "countersignature": {
            "says": countersigned(*told),
            "instance": proof.instance_public.hex(),
            "signature": proof.countersignature.hex(),
        },
        "passkey": {"client_data": proof.client_data.hex(), "authenticator_data": proof.authenticator_data.hex()},
        "public_key": key.public.hex(),
        "sha256": proof.sha256,
        "signature": proof.signature.hex(),
    }
