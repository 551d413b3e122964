"""Bytes that only the holder of a token can open. The key is made of the token, which is kept nowhere but with them."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE, STEP = 12, 4096
PURPOSE = b"fernleaf/parcel/v1"


class ParcelError(Exception):
    """The token does not open the parcel, or it was changed or belongs elsewhere."""


def close(token: str, belongs_to: str, content: bytes) -> bytes:
    """Seal the content with AES-256-GCM, padded to multiples of 4 KiB and bound to what it belongs to."""
    nonce, size = secrets.token_bytes(NONCE), len(content).to_bytes(4)
    padded = size + content
    padded += bytes(-len(padded) % STEP)
    return nonce + _cipher(token).encrypt(nonce, padded, belongs_to.encode())


def unpack(token: str, belongs_to: str, parcel: bytes) -> bytes:
    """The content; ParcelError when this token does not open it."""
    try:
        padded = _cipher(token).decrypt(parcel[:NONCE], parcel[NONCE:], belongs_to.encode())
    except (InvalidTag, ValueError):
        raise ParcelError from None
    size = int.from_bytes(padded[:4])
    return padded[4 : 4 + size]


def _cipher(token: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE).derive(token.encode()))
