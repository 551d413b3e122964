"""Sessions of the clinic's people: begun with the password, opened with a second factor, locked, renewed, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake.store import audit, people, sessions
from intake.store.people import User
from intake.store.proofs import Proof
from intake.store.sessions import Login


@dataclass(frozen=True, slots=True)
class Door:
    """The hash of the token the browser gets, and what kind of browser it is."""

    token_hash: str
    device: str


def begin(session: Session, user: User, door: Door, *, rehashed: str | None = None, now: datetime) -> Login:
    """Start a session that is good for nothing but giving the second factor.

    `rehashed` is the same password hashed at today's cost, where the stored one was cheaper.
    """
    login = Login(token_hash=door.token_hash, user_id=user.id, started_at=now, seen_at=now, device=door.device)
    session.add(login)
    if rehashed is not None:
        people.rehash(session, user, rehashed)
    audit.record(session, "account.password-accepted", actor=user, now=now)
    session.commit()
    return login


def admit(session: Session, login: Login | None, user: User, proof: Proof, door: Door, *, now: datetime) -> bool:
    """Open the session with a second factor, or with a passkey alone; False when it proves nothing."""
    people.hold(session, user)  # three at once are counted one after another
    outcome = proof.spend(session, user, now)
    if outcome is None:
        refuse(session, user, reason=proof.factor, now=now)
        return False
    sessions.admit(session, login or Login(user_id=user.id), user, door.token_hash, door.device, now)
    audit.record(session, "account.signed-in", actor=user, outcome=outcome, reason=proof.factor, now=now)
    session.commit()
    return True


def renew(session: Session, login: Login, user: User, proof: Proof, door: Door, *, now: datetime) -> bool:
    """Unlock a session, or refresh it for a weighty act: both take one factor and change the token."""
    was = "account.stepped-up" if login.locked_at is None else "account.unlocked"
    outcome = proof.spend(session, user, now)
    if outcome is None:
        refuse(session, user, reason=proof.factor, now=now)
        return False
    login.token_hash, login.device, login.locked_at = door.token_hash, door.device, None
    login.stepped_up_at = login.seen_at = now
    audit.record(session, was, actor=user, outcome=outcome, reason=proof.factor, now=now)
    session.commit()
    return True


def refuse(session: Session, user: User | None, *, reason: str = "password", now: datetime) -> None:
    """Keep a line about a factor that did not fit."""
    session.rollback()
    audit.record(session, "account.sign-in-failed", subject=user, outcome="refused", reason=reason, now=now)
    session.commit()


def lock(session: Session, login: Login, *, by: User, now: datetime) -> None:
    """Lock the screen; what was open stays where it was."""
    audit.ending(session, lambda: sessions.lock(session, login, now), "account.locked", actor=by, now=now)


def end_one(session: Session, login: Login, *, by: User, now: datetime) -> None:
    """End one session of one's own from another."""
    sessions.end(login, now, "revoked")
    audit.record(session, "account.session-ended", actor=by, subject=login, now=now)
    session.commit()


def end_others(session: Session, user: User, keep: Login, *, now: datetime) -> None:
    """End every other session of one's own."""
    sessions.end_all(session, user, now, "revoked", but=keep)
    audit.record(session, "account.sessions-ended", actor=user, now=now)
    session.commit()
