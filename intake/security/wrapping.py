"""Root keys under a passphrase: argon2id makes the key, AES-256-GCM seals what lies on the disk."""

from __future__ import annotations

import json
import os
import unicodedata
from dataclasses import dataclass, field

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# Version 1: 64 MiB, 3 passes, 4 lanes (RFC 9106's second choice has the same memory and passes). A file that is
# guessed at offline deserves more than a sign-in that is counted.
MEMORY, PASSES, LANES = 64 * 1024, 3, 4
WHAT, VERSION = "fernleaf wrapped root keys", 1
BOUND = f"{WHAT}/v{VERSION}".encode()
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32


class WrongPassphraseError(Exception):
    """The passphrase does not open the file, or the file was changed."""


class NotWrappedError(ValueError):
    """These bytes are not root keys under a passphrase."""


@dataclass(frozen=True, slots=True)
class Lock:
    """The key a passphrase makes with one salt. A server keeps it to read the file again after a rotation."""

    salt: bytes
    key: bytes = field(repr=False)

    @classmethod
    def made(cls, passphrase: str, salt: bytes | None = None) -> Lock:
        """The lock of a passphrase, with a new salt unless one is given. Takes about a tenth of a second."""
        salt = salt or os.urandom(SALT_BYTES)
        given = unicodedata.normalize("NFKC", passphrase).encode()
        return cls(salt, hash_secret_raw(given, salt, PASSES, MEMORY, LANES, KEY_BYTES, Type.ID))

    def wrap(self, plain: bytes) -> bytes:
        """The bytes, sealed; what the file holds."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.key).encrypt(nonce, plain, BOUND)
        parts = {"salt": self.salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}
        return (json.dumps({"what": WHAT, "version": VERSION, **parts}, indent=1) + "\n").encode()

    def unwrap(self, wrapped: bytes) -> bytes:
        """The bytes that were sealed; WrongPassphraseError when the lock is another or a bit has changed."""
        _salt, nonce, sealed = _parts(wrapped)
        try:
            return AESGCM(self.key).decrypt(nonce, sealed, BOUND)
        except InvalidTag:
            raise WrongPassphraseError from None


def salt_of(wrapped: bytes) -> bytes:
    """The salt a file was wrapped with; NotWrappedError when it is no such file."""
    return _parts(wrapped)[0]


def _parts(wrapped: bytes) -> tuple[bytes, bytes, bytes]:
    try:
        found = json.loads(wrapped)
        parts = tuple(bytes.fromhex(found[name]) for name in ("salt", "nonce", "sealed"))
        fits = (found["what"], found["version"]) == (WHAT, VERSION)
    except (ValueError, TypeError, KeyError):
        raise NotWrappedError from None
    if not fits or [len(part) for part in parts[:2]] != [SALT_BYTES, NONCE_BYTES]:
        raise NotWrappedError
    return parts[0], parts[1], parts[2]
