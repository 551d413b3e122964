"""Signatures: a clinician's own key locked by the password, and the instance's key that vouches and countersigns.

Keys are Ed25519. What is signed always begins with a label of its purpose, so that no signature fits elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from intake.security import canonical, passwords
from intake.security.passwords import Cost

NOTE, KEY, COUNTERSIGNATURE = "fernleaf-note-v1", "fernleaf-signing-key-v1", "fernleaf-countersignature-v1"
DRAFT, WAITING = "fernleaf-draft-v1", "fernleaf-waiting-v1"
PURPOSE = "instance-signing"
NONCE, SALT, KEY_BYTES = 12, 16, 32
CODE_LENGTH, GROUP = 20, 4


class LockedError(Exception):
    """The password does not open this key."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A private key only its owner's password opens: nonce and sealed bytes, the salt and the work it takes."""

    sealed: bytes
    salt: bytes
    cost: Cost


@dataclass(frozen=True, slots=True)
class Instance:
    """The clinic's own signing key and its public half, and the older public keys that it stands for as well."""

    private: bytes = field(repr=False)
    public: bytes
    older: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, secret: bytes, *older: bytes) -> Instance:
        """The instance whose signing keys are these 32 secret bytes; older ones still verify, and sign no more."""
        return cls(secret, public_of(secret), tuple(public_of(each) for each in older))

    @property
    def trusted(self) -> frozenset[bytes]:
        """Every public key of this instance."""
        return frozenset({self.public, *self.older})

    def sign(self, label: str, record: Mapping[str, Any]) -> bytes:
        """The instance's signature under a record."""
        return sign(self.private, labelled(label, canonical.dump(record)))


def labelled(label: str, content: bytes) -> bytes:
    """The bytes that are signed: what they are for, and the record."""
    return label.encode() + b"\0" + content


def digest(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def new_key() -> bytes:
    """32 fresh secret bytes of an Ed25519 key."""
    return os.urandom(KEY_BYTES)


def public_of(private: bytes) -> bytes:
    """The public key as SubjectPublicKeyInfo (DER), which any tool reads."""
    public = Ed25519PrivateKey.from_private_bytes(private).public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign(private: bytes, content: bytes) -> bytes:
    """64 bytes of Ed25519 signature."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(content)


def verifies(public: bytes, signature: bytes, content: bytes) -> bool:
    """Whether the holder of the Ed25519 key signed exactly this."""
    try:
        key = load_der_public_key(public)
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, content)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def wrap(private: bytes, password: str, *, key_id: str, user: str, cost: Cost) -> Wrapped:
    """Lock a private key with its owner's password; it opens for this key id and this person only."""
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    sealed = AESGCM(_from_password(password, salt, cost)).encrypt(nonce, private, _bound(key_id, user))
    return Wrapped(nonce + sealed, salt, cost)


def unwrap(wrapped: Wrapped, password: str, *, key_id: str, user: str) -> bytes:
    """The private key; LockedError for another password, key id or person, or when a bit has changed."""
    key = AESGCM(_from_password(password, wrapped.salt, wrapped.cost))
    try:
        return key.decrypt(wrapped.sealed[:NONCE], wrapped.sealed[NONCE:], _bound(key_id, user))
    except (InvalidTag, ValueError):
        raise LockedError from None


def _from_password(password: str, salt: bytes, cost: Cost) -> bytes:
    # Peppered as for signing in: otherwise the lock of this key would let a thief try passwords without the pepper.
    peppered = passwords.peppered(password, cost)
    with passwords.turn():
        return hash_secret_raw(peppered, salt, cost.passes, cost.memory, 1, KEY_BYTES, Type.ID)


def _bound(key_id: str, user: str) -> bytes:
    return labelled(KEY, canonical.dump({"key": key_id, "user": user}))


def code(sha256: str) -> str:
    """A hash for people: 100 of its bits in five groups of four letters and digits (base 32)."""
    text = base64.b32encode(bytes.fromhex(sha256)).decode()[:CODE_LENGTH]
    return "-".join(text[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def hash_start(typed: str) -> str:
    """The first 25 hex digits of the hash a typed code stands for; empty when it cannot be a code."""
    letters = "".join(typed.upper().split()).replace("-", "").translate(str.maketrans("018", "OIB"))
    if len(letters) != CODE_LENGTH:
        return ""
    try:
        return base64.b32decode(letters + "AAAA").hex()[: CODE_LENGTH * 5 // 4]  # whole bytes, then 100 bits
    except ValueError:
        return ""


def fingerprint(public: bytes) -> str:
    """A public key for people to compare: the code of its hash."""
    return code(digest(public))
