"""A box for the few secrets that must be read again: authenticator seeds, and pages kept while somebody unlocks."""

from __future__ import annotations

import hmac
import os
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes
VERSION = b"\x01"
PURPOSE = b"fernleaf/box/v1"


class BoxError(Exception):
    """It was not locked with this key, for this place, or not by us at all."""


def key_of(secret: bytes) -> bytes:
    """The key of the boxes of an installation."""
    return hmac.digest(secret, PURPOSE, "sha256")


def lock(key: bytes, content: bytes, table: str, column: str, row: uuid.UUID) -> bytes:
    """Version, nonce and ciphertext; it opens only at the same table, column and row."""
    nonce = os.urandom(NONCE)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, content, _place(table, column, row))


def unlock(key: bytes, locked: bytes, table: str, column: str, row: uuid.UUID) -> bytes:
    """What was locked; BoxError for another key, another place, or a single changed bit."""
    version, nonce, rest = locked[:1], locked[1 : 1 + NONCE], locked[1 + NONCE :]
    if version != VERSION or len(nonce) != NONCE:
        raise BoxError
    try:
        return AESGCM(key).decrypt(nonce, rest, _place(table, column, row))
    except InvalidTag:
        raise BoxError from None


def _place(table: str, column: str, row: uuid.UUID) -> bytes:
    parts = ("fernleaf-box-v1", table, column, str(row))
    return b"".join(len(part).to_bytes(2) + part.encode() for part in parts)
