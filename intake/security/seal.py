"""Sealed values: what is kept about patients, encrypted so that a value opens only in the place it was sealed for.

A sealed value is `0xE1 | suite 1 | key id 16 | nonce 12 | AES-256-GCM ciphertext and tag`. The plaintext is padded
inside, so that its length says little. The place (installation, table, column, row, patient, compartment, row version)
is authenticated with it and not stored: a value that was moved, or an older one put back, does not open.
"""

from __future__ import annotations

import hmac
import secrets
import uuid
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from intake.security.keys import KeyRing, RootKey, UnknownRootError

MAGIC, SUITE = 0xE1, 1
HEAD = bytes((MAGIC, SUITE))
NONCE, TAG, LENGTH, KEY_BYTES = 12, 16, 4, 32
WRAPPED, MARK = NONCE + KEY_BYTES + TAG, 32  # bytes of a wrapped key, and of what marks a tombstone in its place
BEFORE = len(HEAD) + 16 + NONCE
OVERHEAD = BEFORE + TAG
SMALL_BUCKETS, BIG_BUCKET = (512, 1024, 2048, 4096), 4096
OTHER_TYPES = (
    AttributeError,
    OverflowError,
    TypeError,
    ValueError,
)  # SQLite keeps a text where bytes or numbers belong
SEALED_FOR, WRAPPED_FOR = b"fernleaf-seal-v1", b"fernleaf-wrap-v1"


def _listed(*parts: bytes) -> bytes:
    return b"".join([len(part).to_bytes(4) + part for part in parts])


LONG_ID, LONG_VERSION = (16).to_bytes(4), (8).to_bytes(4)  # what stands before a UUID, and before a version
SEALED = _listed(SEALED_FOR) + LONG_ID


class SealError(Exception):
    """A sealed value does not open. There is one error and no detail: the reason would help whoever tampered."""

    def __init__(self) -> None:
        super().__init__("this record cannot be read")


class Place(NamedTuple):
    """Where a value belongs. `row` is the row's id, `version` its optimistic-lock number, or 0 for a row without."""

    instance: uuid.UUID
    table: str
    column: str
    row: uuid.UUID
    patient: uuid.UUID
    compartment: str
    version: int = 0

    @property
    def bound(self) -> bytes:
        """The place as the bytes that are authenticated: each part with its length before it.

        A page opens dozens of values, so what is the same for all rows is listed once.
        """
        instance, row, patient = self.instance.bytes, self.row.bytes, self.patient.bytes
        names, compartment = _listed_names(self.table, self.column), _listed(self.compartment.encode())
        version = self.version.to_bytes(8)
        return b"".join((SEALED, instance, names, LONG_ID, row, LONG_ID, patient, compartment, LONG_VERSION, version))


@dataclass(frozen=True)
class DataKey:
    """The key one compartment of one patient is sealed under."""

    id: uuid.UUID
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> DataKey:
        """A random key."""
        return cls(uuid.uuid4(), secrets.token_bytes(KEY_BYTES))

    @cached_property
    def cipher(self) -> AESGCM:
        """AES-256-GCM under this key."""
        return AESGCM(self.secret)


def seal(key: DataKey, place: Place, value: bytes) -> bytes:
    """The value, sealed for its place."""
    nonce = secrets.token_bytes(NONCE)
    return HEAD + key.id.bytes + nonce + key.cipher.encrypt(nonce, _padded(value), place.bound)


def unseal(key: DataKey, place: Place, sealed: bytes) -> bytes:
    """The value; SealError unless it was sealed under this key, for this place, and is whole."""
    if (
        not isinstance(sealed, bytes)
        or len(sealed) < OVERHEAD + LENGTH
        or sealed[:2] != HEAD
        or sealed[2:18] != key.id.bytes
    ):
        raise SealError
    try:
        padded = key.cipher.decrypt(sealed[18:BEFORE], sealed[BEFORE:], place.bound)
    except (InvalidTag, *OTHER_TYPES):
        raise SealError from None
    return _unpadded(padded)


class Wrapping:
    """Data keys as the database holds them: encrypted under a root's "wrap" key, and bound to whom they are for."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def wrap(self, key: DataKey, patient: uuid.UUID, compartment: str) -> tuple[str, bytes]:
        """The id of the root in use, and the key wrapped under it."""
        root_id, nonce = self._ring.current.id, secrets.token_bytes(NONCE)
        return root_id, nonce + self._cipher(root_id).encrypt(nonce, key.secret, _owner(key.id, patient, compartment))

    def unwrap(self, root_id: str, key_id: uuid.UUID, wrapped: bytes, patient: uuid.UUID, compartment: str) -> DataKey:
        """The key; SealError when the root is not on the ring or anything was changed."""
        try:
            cipher = self._cipher(root_id)
            secret = cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], _owner(key_id, patient, compartment))
        except (InvalidTag, UnknownRootError, *OTHER_TYPES):
            raise SealError from None
        return DataKey(key_id, secret)

    def tombstone(self, key_id: uuid.UUID, patient: uuid.UUID, compartment: str) -> bytes:
        """What stands in place of a key that was destroyed: nobody who lacks the root keys can make it."""
        noise = secrets.token_bytes(WRAPPED - MARK)
        return _tombstone_mark(self._ring.first, _owner(key_id, patient, compartment)) + noise

    def is_tombstone(self, wrapped: bytes, key_id: uuid.UUID, patient: uuid.UUID, compartment: str) -> bool:
        """Whether this stands where a key was destroyed on purpose, and not where somebody overwrote one."""
        mark = _tombstone_mark(self._ring.first, _owner(key_id, patient, compartment))
        try:
            return hmac.compare_digest(bytes(wrapped[:MARK]), mark)
        except OTHER_TYPES:
            return False

    def _cipher(self, root_id: str) -> AESGCM:
        return _wrapping_cipher(self._ring.root(root_id))


@lru_cache(maxsize=16)
def _wrapping_cipher(root: RootKey) -> AESGCM:
    """The cipher under a root's "wrap" key: as long in memory as the root itself, so it is derived once a process."""
    return AESGCM(KeyRing(root).derive("wrap", root.id))


def _tombstone_mark(root: RootKey, owner: bytes) -> bytes:
    return hmac.digest(_tombstone_key(root), owner, "sha256")


@lru_cache(maxsize=16)
def _tombstone_key(root: RootKey) -> bytes:
    return KeyRing(root).derive("tombstone", root.id)


def bucket(length: int) -> int:
    """How long a plaintext of this many bytes is made before it is encrypted."""
    whole = length + LENGTH
    if whole > BIG_BUCKET:
        return -(-whole // BIG_BUCKET) * BIG_BUCKET
    return SMALL_BUCKETS[bisect_left(SMALL_BUCKETS, whole)]


def _padded(value: bytes) -> bytes:
    return (len(value).to_bytes(LENGTH) + value).ljust(bucket(len(value)), b"\0")


def _unpadded(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:LENGTH])
    if bucket(length) != len(padded):
        raise SealError
    return padded[LENGTH : LENGTH + length]


def _owner(key_id: uuid.UUID, patient: uuid.UUID, compartment: str) -> bytes:
    return _listed(WRAPPED_FOR, key_id.bytes, patient.bytes, compartment.encode())


@lru_cache(maxsize=256)
def _listed_names(table: str, column: str) -> bytes:
    return _listed(table.encode(), column.encode())
