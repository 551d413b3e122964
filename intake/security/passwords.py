"""Passwords: argon2id in OWASP's profile, and what makes one acceptable."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 15, 256
FEWEST_DIFFERENT = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """Passes and memory in KiB. The default is OWASP's: 2 passes over 19 MiB, one lane."""

    passes: int = 2
    memory: int = 19 * 1024


def hash_password(password: str, cost: Cost) -> str:
    """The encoded argon2id hash."""
    return _hasher(cost).hash(_settled(password))


def matches(encoded: str | None, password: str, cost: Cost) -> bool:
    """Whether the password is the one hashed. Unknown people cost the same work as known ones."""
    hasher = _hasher(cost)
    if encoded is None:
        hasher.hash(_settled(password))
        return False
    try:
        return hasher.verify(encoded, _settled(password))
    except (VerificationError, InvalidHashError):
        return False


def reasons_not_to_accept(password: str, *names: str) -> tuple[str, ...]:
    """Why a new password will not do; empty when it will. `names` are words it must not be made of."""
    settled = _settled(password)
    reasons = []
    if not SHORTEST <= len(settled) <= LONGEST:
        reasons.append("Please use at least 15 characters. A few words you will remember make a good one.")
    if len(set(settled)) < FEWEST_DIFFERENT:
        reasons.append("Please use more different characters.")
    if any(name and name.casefold() in settled.casefold() for name in names):
        reasons.append("Please leave your name and address out of the password.")
    return tuple(reasons)


def _hasher(cost: Cost) -> PasswordHasher:
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory, parallelism=1)


def _settled(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
