"""Starting afresh for somebody who lost every factor: never by one person alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError
from intake.security import recovery, tokens
from intake.store import audit, factors, kept, people, resets, sessions
from intake.store.people import OneTimeLink, User
from intake.store.resets import OwnerKey, Reset

LINK = timedelta(hours=24)
LINK_PURPOSE = "password"


class WrongKeyError(RefusedError):
    """The owner's key that was given is not the one in force."""


def ask(session: Session, user: User, *, by: User | None, now: datetime) -> Reset:
    """Ask that somebody may start afresh; another administrator, or the owner's key, has to agree.

    `by` is empty when the operator of the server asks.
    """
    if by is not None and user.id == by.id:
        message = "You cannot ask this for yourself. Ask another administrator."
        raise RefusedError(message)
    if resets.waiting_for(session, user, now) is not None:
        message = "Somebody has asked for this already. Another administrator can approve it."
        raise RefusedError(message)
    reset = Reset(user_id=user.id, asked_by_id=by.id if by else None, asked_at=now)
    session.add(reset)
    session.flush()
    audit.record(session, "person.reset-asked", actor=by, subject=user, now=now)
    session.commit()
    return reset


def approve(session: Session, reset: Reset, *, secret: bytes, by: User, now: datetime) -> str:
    """The second person agrees: the token of a link that works for 24 hours."""
    if by.id in {reset.asked_by_id, reset.user_id}:
        message = "It takes a second administrator to approve this."
        raise RefusedError(message)
    _approved(session, reset, by, now)
    token = tokens.new_token()
    _afresh(session, reset.user, token, secret, now)
    audit.record(session, "person.reset-approved", actor=by, subject=reset.user, now=now)
    session.commit()
    return token


def approve_with_key(
    session: Session, reset: Reset, typed: str, *, secret: bytes, by: User, now: datetime
) -> tuple[str, str]:
    """The owner's key agrees in place of a second person: the link's token, and the next owner's key.

    The typed one works until somebody says that the new one is written down (`keep_owner_key`): an answer that is lost
    on its way leaves nobody without a key. WrongKeyError when it is not in force.
    """
    if by.id == reset.user_id:
        message = "You cannot approve this for yourself. Ask another administrator."
        raise RefusedError(message)
    token, key = tokens.new_token(), recovery.new_owner_key()
    _agree(session, reset, typed, token, key, secret=secret, by=by, now=now)
    session.commit()
    return token, key


def drop(session: Session, reset: Reset, *, by: User, now: datetime) -> None:
    """Take the wish back."""
    reset.dropped_at = now
    audit.record(session, "person.reset-dropped", actor=by, subject=reset.user, now=now)
    session.commit()


def start_afresh(
    session: Session, user: User, typed: str, *, secret: bytes, show: Callable[[str, str], None], now: datetime
) -> None:
    """The operator of the server asks and the owner's key agrees: what a clinic with one account is left with.

    The link's token and the next owner's key are shown before anything is taken away. Where that fails, or what comes
    after it, everything is as it was: the typed key works, and so does what somebody signs in with.
    """
    _typed_key(session, user, typed, secret=secret, by=None, now=now)
    session.rollback()
    token, key = tokens.new_token(), recovery.new_owner_key()
    show(token, key)
    reset = resets.waiting_for(session, user, now) or ask(session, user, by=None, now=now)
    made = _agree(session, reset, typed, token, key, secret=secret, by=None, now=now)
    _keep(session, made, None, now)
    session.commit()


def offer_owner_key(session: Session, *, secret: bytes, by: User, now: datetime) -> str:
    """Another key in place of one that nobody has written down. One administrator alone replaces no other."""
    if any(key.kept_at is not None for key in resets.in_force(session)):
        message = "There is an owner's key already. Whoever runs the server can make a new one."
        raise RefusedError(message)
    return make_owner_key(session, secret=secret, by=by, now=now)


def keep_owner_key(session: Session, key_id: str, *, by: User | None, now: datetime) -> None:
    """The key that was shown is written down: those before it work no more."""
    shown = [key for key in resets.in_force(session) if str(key.id) == key_id and key.kept_at is None]
    if not shown:
        message = "This key was replaced meanwhile, or is said to be written down already."
        raise RefusedError(message)
    _keep(session, shown[0], by, now)
    session.commit()


def make_owner_key(session: Session, *, secret: bytes, by: User | None, now: datetime) -> str:
    """A new key for the owner to keep on paper; the one before works no more."""
    key = recovery.new_owner_key()
    _add_key(session, key, secret, by, now)
    session.commit()
    return key


def replace_owner_key(session: Session, *, secret: bytes, show: Callable[[str], None], now: datetime) -> None:
    """A new key, by whoever runs the server. It counts once it was shown: the one before works until then."""
    key = recovery.new_owner_key()
    show(key)
    _keep(session, _add_key(session, key, secret, None, now), None, now)
    session.commit()


def _typed_key(session: Session, user: User, typed: str, *, secret: bytes, by: User | None, now: datetime) -> OwnerKey:
    """The owner's key that was typed, held with all that are in force; WrongKeyError, and a line, when it is none."""
    plain = recovery.settled(typed)
    found = resets.owner_key(session, _key_hash(secret, plain)) if plain else None
    if found is None:
        session.rollback()
        audit.record(session, "owner-key.refused", actor=by, subject=user, outcome="refused", now=now)
        session.commit()
        message = "This is not the owner's key that is in force."
        raise WrongKeyError(message)
    return found


def _agree(
    session: Session, reset: Reset, typed: str, token: str, key: str, *, secret: bytes, by: User | None, now: datetime
) -> OwnerKey:
    """Approve with the key that was typed; the next key, which works beside it."""
    used = _typed_key(session, reset.user, typed, secret=secret, by=by, now=now)
    if reset.approved_at is not None:
        message = (
            "This was approved already, and the link shown then. If nobody saw it, ask for another reset: the key "
            "you typed works until the new one is said to be written down."
        )
        raise RefusedError(message)
    _approved(session, reset, None, now)
    used.kept_at = used.kept_at or now  # whoever types it has it on paper
    _afresh(session, reset.user, token, secret, now)
    made = _new_key(session, key, secret, now, but=used)
    audit.record(session, "person.reset-approved", actor=by, subject=reset.user, reason="owner-key", now=now)
    return made


def _approved(session: Session, reset: Reset, by: User | None, now: datetime) -> None:
    if reset.asked_at <= now - resets.WAITS or not resets.approve(session, reset, by, now):
        message = "This was approved, taken back or has expired meanwhile."
        raise RefusedError(message)


def _afresh(session: Session, user: User, token: str, secret: bytes, now: datetime) -> None:
    """Take everything away, end every session, and keep the one link that opens the account again."""
    user.password_hash = None
    factors.forget_all(session, user)
    kept.forget_all(session, user)
    sessions.end_all(session, user, now, "reset")
    people.spend_links(session, user, now)
    token_hash = tokens.keyed_hash(secret, LINK_PURPOSE, token)
    session.add(OneTimeLink(purpose=LINK_PURPOSE, user_id=user.id, token_hash=token_hash, expires_at=now + LINK))


def _add_key(session: Session, key: str, secret: bytes, by: User | None, now: datetime) -> OwnerKey:
    resets.in_force(session)
    made = _new_key(session, key, secret, now)
    audit.record(session, "owner-key.made", actor=by, now=now)
    return made


def _new_key(session: Session, key: str, secret: bytes, now: datetime, but: OwnerKey | None = None) -> OwnerKey:
    """The row of a new key in place of all but one; whoever calls holds them."""
    resets.retire_owner_keys(session, now, but=but)
    made = OwnerKey(code_hash=_key_hash(secret, recovery.settled(key)), made_at=now)
    session.add(made)
    session.flush()
    return made


def _keep(session: Session, key: OwnerKey, by: User | None, now: datetime) -> None:
    key.kept_at = now
    resets.retire_owner_keys(session, now, but=key)
    audit.record(session, "owner-key.kept", actor=by, now=now)


def _key_hash(secret: bytes, plain: str) -> str:
    return tokens.keyed_hash(secret, recovery.OWNER, plain)
