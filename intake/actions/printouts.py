"""Keeping why sensitive answers were put on paper."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from intake.store import audit
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.printouts import Printout
from intake.store.responses import Response


def keep_chart(
    session: Session,
    patient: Patient,
    printed: Collection[Response],
    *,
    reason: str,
    text: str,
    categories: Sequence[str],
    by: User,
    now: datetime,
) -> None:
    """Keep who printed sensitive parts of a chart and why, with everything that was printed; one line in the trail."""
    for each in printed:
        row = Printout(patient_id=patient.id, response_id=each.id, user_id=by.id, reason=reason, text=text)
        row.printed_at = now
        session.add(row)
    session.flush()
    audit.record(
        session,
        "chart.printed",
        actor=by,
        subject=patient,
        patient_id=patient.id,
        categories=categories,
        reason=reason,
        now=now,
    )
    session.commit()


def keep(
    session: Session, response: Response, *, reason: str, text: str, categories: Sequence[str], by: User, now: datetime
) -> None:
    """Keep who printed a form's sensitive answers and why. `categories` are the tiers that went on the paper."""
    row = Printout(patient_id=response.patient_id, response_id=response.id, user_id=by.id, reason=reason, text=text)
    row.printed_at = now
    session.add(row)
    session.flush()
    audit.record(session, "intake.printed", actor=by, subject=response, categories=categories, reason=reason, now=now)
    session.commit()
