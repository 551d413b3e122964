"""What staff do with a worklist entry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, RefusedError, StaleError
from intake.store import alerts, audit, flags, people
from intake.store.flags import Flag
from intake.store.people import User


def acknowledge(session: Session, flag: Flag, *, by: User, now: datetime) -> None:
    """Take it on: from here somebody is dealing with it, and it is theirs."""
    if flag.acknowledged_at is not None:
        message = "Somebody has taken this on already."
        raise RefusedError(message)
    flag.acknowledged_at, flag.acknowledged_by_id, flag.owner_id = now, by.id, by.id
    audit.record(session, "flag.acknowledged", actor=by, subject=flag, now=now)
    session.commit()


def give(session: Session, flag: Flag, to: User, *, by: User, now: datetime) -> None:
    """Hand it over. The new owner is told and has to take it on; until then reminders go out as for a new entry."""
    if flag.closed_at is not None:
        raise FinalError
    if to.id == flag.owner_id:
        message = "It is theirs already."
        raise RefusedError(message)
    if flags.is_untaken(session, flag):
        message = "The patient has added to this. Please give the newer entry."
        raise RefusedError(message)
    if not alerts.can_act(session, to, flag, now):
        message = "This person cannot open the entry. Please choose somebody else."
        raise RefusedError(message)
    flag.owner_id, flag.acknowledged_at, flag.acknowledged_by_id = to.id, None, None
    flag.alerts, flag.alerted_at, flag.alerted_id = 0, now, to.id
    session.flush()
    alerts.first(session, flag, people.clinic(session), now)
    audit.record(session, "flag.given", actor=by, subject=flag, now=now)
    session.commit()


def note_seen(session: Session, flag: Flag, *, by: User, now: datetime) -> None:
    """Keep who opened the entry first. The line in the trail is that of the look."""
    flags.note_seen(session, flag.id, by.id, now)
    session.commit()


def close(session: Session, flag: Flag, outcome: str, *, over: int, by: User, now: datetime) -> None:
    """Write down what came of it. Taking it on is part of closing it."""
    if flag.version != over:
        raise StaleError
    if flag.closed_at is not None:
        raise FinalError
    if not outcome:
        message = "Please write what came of it."
        raise RefusedError(message)
    if flag.acknowledged_at is None:
        flag.acknowledged_at, flag.acknowledged_by_id, flag.owner_id = now, by.id, by.id
    flag.outcome, flag.closed_at, flag.closed_by_id = outcome, now, by.id
    audit.record(session, "flag.closed", actor=by, subject=flag, now=now)
    session.commit()
