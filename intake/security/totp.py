"""Codes of an authenticator app: six digits every thirty seconds (RFC 6238, SHA-1, as every app understands it)."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SEED, DIGITS, SECONDS = 20, 6, 30  # bytes, digits, length of a step
NEIGHBOURS = (0, -1, 1)  # clocks of phones go a little wrong
ISSUER = "Fernleaf"


def new_seed() -> bytes:
    """160 random bits."""
    return secrets.token_bytes(SEED)


def step(now: datetime) -> int:
    """The number of the thirty seconds that `now` falls into."""
    return int(now.timestamp()) // SECONDS


def code(seed: bytes, number: int) -> str:
    """The six digits of a step."""
    made = TOTP(seed, DIGITS, SHA1(), SECONDS).generate(number * SECONDS)  # noqa: S303 - what the apps compute; as an HMAC it is sound
    return made.decode()


def matching_step(seed: bytes, typed: str, now: datetime) -> int | None:
    """The step the typed code belongs to, among this one and its neighbours. Every one of them is compared."""
    settled = "".join(typed.split()).encode()
    here = step(now)
    found = [here + by for by in NEIGHBOURS if hmac.compare_digest(code(seed, here + by).encode(), settled)]
    return found[0] if found else None


def in_groups(seed: bytes) -> str:
    """The seed as people type it: base 32 in groups of four."""
    plain = base64.b32encode(seed).decode()
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def address(seed: bytes, account: str) -> str:
    """What the QR code says to the app."""
    label = quote(f"{ISSUER}:{account}", safe="")
    secret = base64.b32encode(seed).decode()
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"
