"""A patient's sitting that was over while she was writing: what came in late waits until she is back."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake.store import audit, held
from intake.store.held import HeldPage
from intake.store.sessions import Login

KEPT = timedelta(minutes=30)
UNTIL_CALLED = timedelta(days=3)  # whose link was ended has to call the clinic first, and a weekend may lie between


def hold(session: Session, login: Login, mark: str, sealed: bytes, *, lasting: timedelta = KEPT, now: datetime) -> None:
    """Keep a page that came in after the sitting was over. `sealed` is what only the browser it came from can open."""
    held.drop_old(session, now)
    page = HeldPage(login_id=login.id, mark=mark, sealed=sealed, sent_at=now, kept_until=now + lasting)
    held.keep(session, page)
    audit.record(session, "intake.page-held", subject=login.invitation, patient_id=_patient(login), now=now)
    session.commit()


def forget(session: Session, login: Login, *, now: datetime) -> None:
    """Drop what a sitting held, once it was saved."""
    held.drop(session, login)
    audit.record(session, "intake.held-pages-dropped", subject=login.invitation, patient_id=_patient(login), now=now)
    session.commit()


def _patient(login: Login) -> uuid.UUID | None:
    return login.invitation.visit.patient_id if login.invitation else None
