"""Codes on paper: ten for somebody without phone and key, one for the owner of the clinic.

Only keyed hashes of them are stored. They are random enough (80 and 120 bits) that nobody can try them all, so a slow
hash would add nothing; the key makes a stolen table useless even for testing one code.
"""

from __future__ import annotations

import secrets

from intake.security.tokens import ALPHABET, LOOKALIKES

HOW_MANY, LENGTH, OWNER_LENGTH, GROUP = 10, 16, 24, 4
PERSON, OWNER = "recovery-code", "owner-key"


def new_codes() -> tuple[str, ...]:
    """Ten codes of 80 bits, in groups of four."""
    return tuple(_drawn(LENGTH) for _ in range(HOW_MANY))


def new_owner_key() -> str:
    """One code of 120 bits, in groups of four."""
    return _drawn(OWNER_LENGTH)


def settled(typed: str) -> str:
    """A typed code without spaces and dashes, look-alikes put right; empty when it cannot be one."""
    plain = "".join(typed.upper().split()).replace("-", "").translate(LOOKALIKES)
    return plain if len(plain) in {LENGTH, OWNER_LENGTH} and set(plain) <= set(ALPHABET) else ""


def _drawn(length: int) -> str:
    plain = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return "-".join(plain[start : start + GROUP] for start in range(0, length, GROUP))
