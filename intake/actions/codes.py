"""What an administrator does with lists of codes: load a file, add one, stop using one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from intake.clinical.coding.codes import Code
from intake.store import audit, codes
from intake.store.codes import Listed
from intake.store.people import User


def load(session: Session, kind: str, found: Sequence[Code], *, by: User | None, now: datetime) -> None:
    """Take codes into a list, all of them or none."""
    codes.load(session, kind, found, by=by.id if by else None, now=now)
    audit.record(session, "codes.loaded", actor=by, now=now, reason=kind)
    session.commit()


def stop(session: Session, row: Listed, *, today: date, by: User, now: datetime) -> None:
    """Use a code no more from today on. Visits before keep it."""
    if row.valid_from >= today:
        session.delete(row)
    elif row.valid_to is None or row.valid_to >= today:
        row.valid_to = today - timedelta(days=1)
    audit.record(session, "codes.stopped", actor=by, subject=row, now=now, reason=row.kind)
    session.commit()
