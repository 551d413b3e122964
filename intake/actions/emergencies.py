"""Opening a chart in an emergency, closing it, and the privacy lead's look at both."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError, StaleError
from intake.clinical import emergency
from intake.store import audit, patients
from intake.store.emergencies import BreakGlass
from intake.store.patients import Patient
from intake.store.people import User


def search(session: Session, name: str, birth_date: date, *, by: User, now: datetime) -> list[Patient]:
    """The patients two identifiers fit. Looking is an act: it leaves a line, with whom it found."""
    found = patients.by_two_identifiers(session, name, birth_date)
    one = found[0].id if len(found) == 1 else None
    outcome = "found" if found else "nothing"
    audit.record(session, "emergency.searched", actor=by, patient_id=one, outcome=outcome, now=now)
    session.commit()
    return found


def open_chart(
    session: Session,
    patient_id: uuid.UUID,
    *,
    reason: str,
    text: str,
    sensitive: bool,
    by: User,
    now: datetime,
) -> BreakGlass:
    """Open a chart for 60 minutes, to read only."""
    made = BreakGlass(patient_id=patient_id, user_id=by.id, reason=reason, text=text, sensitive=sensitive)
    made.opened_at, made.expires_at = now, now + timedelta(minutes=emergency.MINUTES)
    session.add(made)
    session.flush()
    categories: Sequence[str] = ("care", "sensitive") if sensitive else ("care",)
    audit.record(session, "emergency.opened", actor=by, subject=made, categories=categories, reason=reason, now=now)
    session.commit()
    return made


def end(session: Session, opened: BreakGlass, *, by: User, now: datetime) -> None:
    """Close the chart before its time is over; closing it twice changes nothing."""
    opened.ended_at = opened.ended_at or now
    audit.record(session, "emergency.ended", actor=by, subject=opened, now=now)
    session.commit()


def review(
    session: Session, opened: BreakGlass, outcome: str, note: str, *, over: int, by: User, now: datetime
) -> None:
    """Keep what the privacy lead made of it, over version `over`. One's own emergencies are for somebody else."""
    if opened.version != over:
        raise StaleError
    if opened.user_id == by.id:
        message = "You opened this chart yourself. Somebody else has to look at it."
        raise RefusedError(message)
    opened.reviewed_at, opened.reviewed_by_id, opened.review, opened.review_note = now, by.id, outcome, note
    audit.record(session, "emergency.reviewed", actor=by, subject=opened, reason=outcome, now=now)
    session.commit()
