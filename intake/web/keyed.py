"""The installation's key, as the pages of the account need it: for boxes, and for hashes of codes."""

from __future__ import annotations

from flask import current_app

from intake.security import box, recovery, tokens
from intake.security.passwords import Cost


def secret() -> bytes:
    """The key itself."""
    found: bytes = current_app.config["SECRET"]
    return found


def box_key() -> bytes:
    """The key of the boxes for seeds and kept pages."""
    return box.key_of(secret())


def code_hash(typed: str) -> str:
    """What is stored in place of a recovery code."""
    return tokens.keyed_hash(secret(), recovery.PERSON, recovery.settled(typed))


def cost() -> Cost:
    """What hashing a password costs here."""
    found: Cost = current_app.config["PASSWORD_COST"]
    return found
