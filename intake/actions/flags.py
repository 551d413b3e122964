"""What staff do with a worklist entry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, RefusedError, StaleError
from intake.store import audit
from intake.store.flags import Flag
from intake.store.people import User


def acknowledge(session: Session, flag: Flag, *, by: User, now: datetime) -> None:
    """Take it on: from here somebody is dealing with it."""
    if flag.acknowledged_at is not None:
        message = "Somebody has taken this on already."
        raise RefusedError(message)
    flag.acknowledged_at, flag.acknowledged_by_id = now, by.id
    audit.record(session, "flag.acknowledged", actor=by, subject=flag, now=now)
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
        flag.acknowledged_at, flag.acknowledged_by_id = now, by.id
    flag.outcome, flag.closed_at, flag.closed_by_id = outcome, now, by.id
    audit.record(session, "flag.closed", actor=by, subject=flag, now=now)
    session.commit()
