"""Writing down what was done after a patient was asked alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import StaleError
from intake.store import audit, safety_entries
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.safety_entries import SafetyEntry


def write(session: Session, patient: Patient, text: str, *, over: int, by: User, now: datetime) -> SafetyEntry:
    """Add an entry to those its author has read, the last of which was number `over`."""
    if over != safety_entries.last(session, patient.id):
        raise StaleError
    made = safety_entries.keep(session, patient.id, over + 1, text, by=by, now=now)
    audit.record(session, "safety.written", actor=by, subject=made, categories=("safety",), now=now)
    session.commit()
    return made
