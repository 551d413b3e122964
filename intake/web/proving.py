"""Asking a browser for a passkey, a password or a code, and what its answer proves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Response, current_app, request
from flask import session as cookie

from intake.actions import logins
from intake.actions.logins import Door
from intake.actions.refusals import RefusedError, WrongPasswordError
from intake.security import passkeys, passwords, tokens
from intake.security.limits import Bucket
from intake.security.passkeys import Asked, PasskeyError, Site
from intake.store import factors, people
from intake.store.people import User
from intake.store.proofs import Password, Shown
from intake.web import clock, identity, keyed, limits
from intake.web.database import session

CHALLENGE, WAITS = "challenge", timedelta(minutes=5)


def site() -> Site:
    """The site passkeys are for, from PUBLIC_URL."""
    return passkeys.site(current_app.config["PUBLIC_URL"])


def door() -> tuple[str, Door]:
    """A fresh token for the cookie, and what is stored of it."""
    token = tokens.new_token()
    return token, Door(identity.hashed(token), identity.device())


def ask(asked: Asked, at: datetime | None = None) -> Response:
    """Send the options; the challenge waits in the cookie, for this act alone and for five minutes."""
    cookie[CHALLENGE] = [asked.challenge, _act(), (at or clock.now()).isoformat()]
    return current_app.response_class(asked.options, mimetype="application/json")


def ask_to_show(user: User | None = None) -> Response:
    """Ask for a passkey of somebody's, or for any of this site."""
    have = [each.credential_id for each in factors.passkeys(session, user)] if user else []
    return ask(passkeys.ask_to_show(site(), have))


def ask_to_sign(user: User, challenge: bytes, at: datetime) -> Response:
    """Ask for a passkey of somebody's over the hash of a text that was fixed at that moment."""
    have = [each.credential_id for each in factors.passkeys(session, user)]
    return ask(passkeys.ask_to_show(site(), have, challenge), at)


def asked_at() -> datetime:
    """When the challenge that waits was sent; now, when none does."""
    return datetime.fromisoformat(cookie[CHALLENGE][2]) if CHALLENGE in cookie else clock.now()


def challenge() -> str:
    """The challenge that waits for this act; PasskeyError when there is none or it is too old."""
    sent_at = asked_at()
    found, act, _at = cookie.pop(CHALLENGE, None) or ("", "", "")
    if not found or act != _act() or clock.now() - sent_at > WAITS:
        raise PasskeyError
    return str(found)


def shown(user: User | None = None) -> tuple[User, Shown] | None:
    """Whose passkey the browser has shown; None when it proves nothing, or is not `user`'s."""
    answer = request.form.get("credential", "")
    try:
        waiting = challenge()
        passkey = factors.passkey_by_credential(session, passkeys.credential_id(answer))
        owner = people.user(session, passkey.user_id) if passkey else None
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


@contextmanager
def guessing(user: User) -> Iterator[None]:
    """Count a password under a signature as a try before it is looked at, and take that back when it was right.

    Inside, nothing but a wrong password may raise WrongPasswordError, and nothing may be raised before it is checked.
    """
    limits.charge(Bucket.SIGN_IN_ACCOUNT, user.email)
    try:
        yield
    except WrongPasswordError:
        session.rollback()
        logins.refuse(session, user, now=clock.now())
        raise
    except RefusedError:
        session.rollback()
        limits.refund(Bucket.SIGN_IN_ACCOUNT, user.email)
        raise
    limits.refund(Bucket.SIGN_IN_ACCOUNT, user.email)


def _act() -> Any:
    """The group of views a challenge belongs to: one for signing in does not unlock a screen."""
    return (request.endpoint or "").rpartition(".")[0]
