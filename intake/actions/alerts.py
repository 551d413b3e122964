"""Reminding people of warning signs that nobody has taken on: each reminder is one transaction with its line."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from intake.security.seal import SealError
from intake.store import alerts, audit, flags, people
from intake.store.flags import Flag
from intake.store.people import Clinic

log = logging.getLogger("intake.worker")


def remind(session: Session, *, now: datetime) -> int:
    """Tell the next person of each entry that is due; how many were told.

    One entry that cannot be read stops no other: whoever looks at the worklist sees it there.
    """
    waiting = [flag.id for flag in flags.untaken(session)]
    session.rollback()
    return sum(_remind(session, flag_id, now) for flag_id in waiting)


def _remind(session: Session, flag_id: UUID, now: datetime) -> bool:
    try:
        flag, clinic = flags.get(session, flag_id), people.clinic(session)
        is_told = flag is not None and clinic is not None and _tell(session, flag, clinic, now)
    except SealError as problem:
        log.warning("reminder not planned", extra={"reason": type(problem).__name__})
        is_told = False
    finally:
        session.rollback()
    return is_told


def _tell(session: Session, flag: Flag, clinic: Clinic, now: datetime) -> bool:
    due = alerts.due(flag, clinic)
    if due is None or due > now or alerts.another(session, flag, clinic, now) is None:
        return False
    audit.record(session, "flag.alerted", subject=flag, now=now)
    session.commit()
    return True


def overdue(session: Session, *, now: datetime) -> int:
    """How many entries nobody has taken on within the clinic's time. One that cannot be read counts."""
    clinic = people.clinic(session)
    return 0 if clinic is None else sum(_is_overdue(flag, clinic, now) for flag in flags.untaken(session))


def _is_overdue(flag: Flag, clinic: Clinic, now: datetime) -> bool:
    try:
        due = alerts.due(flag, clinic)
    except SealError:
        return True
    return due is not None and (flag.alerts > 0 or due <= now)
