"""Asking a browser for a passkey, a password or a code, and what its answer proves."""

from __future__ import annotations

import time
from typing import Any

from flask import Response, current_app, request
from flask import session as cookie

from intake.actions.logins import Door
from intake.security import passkeys, passwords, tokens
from intake.security.passkeys import Asked, PasskeyError, Site
from intake.store import factors
from intake.store.people import User
from intake.store.proofs import Password, Shown
from intake.web import identity, keyed
from intake.web.database import session

CHALLENGE, SECONDS = "challenge", 300


def site() -> Site:
    """The site passkeys are for, from PUBLIC_URL."""
    return passkeys.site(current_app.config["PUBLIC_URL"])


def door() -> tuple[str, Door]:
    """A fresh token for the cookie, and what is stored of it."""
    token = tokens.new_token()
    return token, Door(identity.hashed(token), identity.device())


def ask(asked: Asked) -> Response:
    """Send the options; the challenge waits in the cookie, for this act alone and for five minutes."""
    cookie[CHALLENGE] = [asked.challenge, _act(), time.time()]
    return current_app.response_class(asked.options, mimetype="application/json")


def ask_to_show(user: User | None = None) -> Response:
    """Ask for a passkey of somebody's, or for any of this site."""
    have = [each.credential_id for each in factors.passkeys(session, user)] if user else []
    return ask(passkeys.ask_to_show(site(), have))


def challenge() -> str:
    """The challenge that waits for this act; PasskeyError when there is none or it is too old."""
    found, act, asked_at = cookie.pop(CHALLENGE, None) or ("", "", 0)
    if not found or act != _act() or time.time() - asked_at > SECONDS:
        raise PasskeyError
    return str(found)


def shown(user: User | None = None) -> tuple[User, Shown] | None:
    """Whose passkey the browser has shown; None when it proves nothing, or is not `user`'s."""
    answer = request.form.get("credential", "")
    try:
        waiting = challenge()
        passkey = factors.passkey_by_credential(session, passkeys.credential_id(answer))
        owner = session.get(User, passkey.user_id) if passkey else None
        if passkey is None or owner is None or not owner.is_active or (user is not None and owner.id != user.id):
            return None
        count = passkeys.shown(site(), answer, waiting, public_key=passkey.public_key, user_id=owner.id)
    except PasskeyError:
        return None
    return owner, Shown(passkey, count, waiting)


def password(user: User, typed: str) -> Password:
    """Check a password. It lets go of the database first: hashing takes 30 ms on purpose."""
    encoded = user.password_hash
    session.rollback()
    return Password(passwords.matches(encoded, typed, keyed.cost()))


def _act() -> Any:
    """The group of views a challenge belongs to: one for signing in does not unlock a screen."""
    return (request.endpoint or "").rpartition(".")[0]
