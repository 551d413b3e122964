"""Secrets that travel: session tokens, one-time links and access codes. Only their hashes are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets

# Crockford's base 32 without I, L, O and U: nothing that reads like something else, and no words by accident.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
CODE_LENGTH, GROUP = 12, 4
SPOKEN_LENGTH, SPOKEN_GROUP = 6, 3


def new_token() -> str:
    """256 random bits, for a cookie or a link."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Twelve characters (60 bits) in groups of four, for people to type."""
    return _drawn(CODE_LENGTH, GROUP)


def new_spoken_code() -> str:
    """Six characters (30 bits) in groups of three, for people to say."""
    return _drawn(SPOKEN_LENGTH, SPOKEN_GROUP)


def _drawn(length: int, group: int) -> str:
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return "-".join(drawn[start : start + group] for start in range(0, length, group))


def settled_code(typed: str, length: int = CODE_LENGTH) -> str:
    """A typed code without spaces and dashes, look-alikes put right; empty when it cannot be a code."""
    code = "".join(typed.upper().split()).replace("-", "").translate(LOOKALIKES)
    return code if len(code) == length and set(code) <= set(ALPHABET) else ""


def keyed_hash(secret: bytes, purpose: str, value: str) -> str:
    """HMAC-SHA256 under a key of its own for the purpose, in hex: what is stored in place of the value."""
    key = hmac.digest(secret, f"fernleaf/{purpose}/v1".encode(), "sha256")
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
