"""The root keys of an installation, and the keys that are derived from them for one purpose each.

A root key never lies in the database; what does (wrapped keys, hashes, MACs) names the root it was made under.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ROOT_BYTES = 32
ID_DIGITS = 8


class UnknownRootError(LookupError):
    """The ring holds no root key of that id: a wrong key was given, or an old one was left out."""


@dataclass(frozen=True, slots=True)
class RootKey:
    """32 secret bytes, and an id that says which key it is without saying anything about it."""

    id: str
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> RootKey:
        """The root key with these 32 bytes; ValueError for another length."""
        if len(secret) != ROOT_BYTES:
            message = f"a root key has {ROOT_BYTES} bytes, not {len(secret)}"
            raise ValueError(message)
        return cls(hashlib.sha256(b"fernleaf-root-id/v1\0" + secret).hexdigest()[:ID_DIGITS], secret)


@dataclass(slots=True)
class KeyRing:
    """The root key in use, and the older ones that what they sealed still needs, newest first.

    `reload` reads the ring again where it came from, or gives None when it cannot: a root key not seen before is one
    that was made meanwhile.
    """

    current: RootKey
    older: tuple[RootKey, ...] = ()
    reload: Callable[[], KeyRing | None] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def from_secret(cls, secret: bytes) -> KeyRing:
        """A ring of one root key made of a long random secret of any length."""
        return cls(RootKey.of(hashlib.sha256(b"fernleaf-root/v1\0" + secret).digest()))

    @property
    def roots(self) -> tuple[RootKey, ...]:
        """Every root key, newest first."""
        return (self.current, *self.older)

    @property
    def first(self) -> RootKey:
        """The oldest root key. Hashes that cannot be made anew (of tokens, codes, passwords) hang on it for good."""
        return self.roots[-1]

    def turned(self, root: RootKey) -> KeyRing:
        """The ring with a new root key in use, and all the others kept."""
        return KeyRing(root, self.roots, self.reload)

    def root(self, root_id: str) -> RootKey:
        """The root key of that id; UnknownRootError when it is not here, even after looking again."""
        found = self._found(root_id)
        if found is None and self.reload is not None and (fresh := self.reload()) is not None:
            self.current, self.older = fresh.current, fresh.older
            found = self._found(root_id)
        if found is None:
            raise UnknownRootError(root_id)
        return found

    def _found(self, root_id: str) -> RootKey | None:
        return next((root for root in self.roots if root.id == root_id), None)

    def derive(self, purpose: str, root_id: str | None = None) -> bytes:
        """The 32-byte key for one purpose: under the root key named, or the first, so that a rotation changes nothing.

        What can be made anew under another root key, such as wrapped keys, names the one it was made under.
        """
        root = self.first if root_id is None else self.root(root_id)
        # RFC 5869; the root is random already, so it needs no salt.
        return HKDF(SHA256(), ROOT_BYTES, salt=None, info=f"fernleaf/{purpose}/v1".encode()).derive(root.secret)
