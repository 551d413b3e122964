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
    made = add(session, patient, text, over=over, by=by, now=now)
    session.commit()
    return made


def add(session: Session, patient: Patient, text: str, *, over: int, by: User, now: datetime) -> SafetyEntry:
    """The same beside something else, which is kept or fails together with it."""
    before = safety_entries.of_patient(session, patient.id)
    if over != (before[0].number if before else 0):
        raise StaleError
    made = SafetyEntry(patient_id=patient.id, number=over + 1, author_id=by.id, written_at=now)
    made.text = text
    session.add(made)
    session.flush()
    audit.record(session, "safety.written", actor=by, subject=made, categories=("safety",), now=now)
    return made
