"""Passwords: argon2id in OWASP's profile over a peppered password, and what makes one acceptable."""

from __future__ import annotations

import hashlib
import hmac
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from intake.security import blocklist

SHORTEST, LONGEST = 15, 256
FEWEST_DIFFERENT = 5
# Two hashes at a time hold 38 MiB; a flood of guesses waits its turn and is then sent away, and memory stays bounded.
AT_ONCE, PATIENCE = 2, 3.0
PEPPER = b"fernleaf/password-pepper/v1"
_turns = threading.BoundedSemaphore(AT_ONCE)


class BusyError(Exception):
    """Too many passwords are being checked at this moment."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Passes and memory in KiB, and the pepper. The default is OWASP's: 2 passes over 19 MiB, one lane."""

    passes: int = 2
    memory: int = 19 * 1024
    pepper: bytes = field(default=b"", repr=False)

    def peppered(self, secret: bytes) -> Cost:
        """The same cost with the pepper of an installation: a stolen table of hashes cannot be tried without it."""
        return replace(self, pepper=hmac.digest(secret, PEPPER, "sha256"))


def hash_password(password: str, cost: Cost) -> str:
    """The encoded argon2id hash. BusyError when no turn comes within 3 s."""
    with turn():
        return _hasher(cost).hash(peppered(password, cost))


def same(one: str | None, other: str | None) -> bool:
    """Whether two hashes are one: whether the password was changed meanwhile."""
    return hmac.compare_digest(one or "", other or "")


def matches(encoded: str | None, password: str, cost: Cost) -> bool:
    """Whether the password is the one hashed. Unknown people cost the same work as known ones; BusyError as above."""
    with turn():
        if encoded is None:
            _hasher(cost).hash(peppered(password, cost))
            return False
        try:
            return _hasher(cost).verify(encoded, peppered(password, cost))
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(encoded: str, cost: Cost) -> bool:
    """Whether the hash was made at another cost than today's."""
    return _hasher(cost).check_needs_rehash(encoded)


def reasons_not_to_accept(password: str, *names: str, clinic: str = "") -> tuple[str, ...]:
    """Why a new password will not do; empty when it will. `names` must not stand in it, nor `clinic` be all it says."""
    settled = _settled(password)
    reasons = []
    if not SHORTEST <= len(settled) <= LONGEST:
        reasons.append("Please use at least 15 characters. A few words you will remember make a good one.")
    if len(set(settled)) < FEWEST_DIFFERENT:
        reasons.append("Please use more different characters.")
    if any(name and name.casefold() in settled.casefold() for name in names):
        reasons.append("Please leave your name and address out of the password.")
    elif not reasons and blocklist.is_common(settled, (*names, clinic)):
        reasons.append("Many people would think of this one. Please take words that do not belong together.")
    return tuple(reasons)


@contextmanager
def turn() -> Iterator[None]:
    """Wait for one of the few places where hashing may take memory; BusyError when none comes free in time."""
    if not _turns.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        yield
    finally:
        _turns.release()


def _hasher(cost: Cost) -> PasswordHasher:
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory, parallelism=1)


def peppered(password: str, cost: Cost) -> bytes:
    """What is hashed in the password's place: 32 bytes that nobody can compute without the pepper."""
    return hmac.new(cost.pepper, _settled(password).encode(), hashlib.sha256).digest()


def _settled(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
