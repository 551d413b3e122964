"""What the front desk does about people and visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from intake.actions.refusals import NotReadyError, RefusedError, StaleError
from intake.clinical import contacts
from intake.forms.problems import N_, Problem
from intake.store import audit, careteam, history, notes, responses
from intake.store.patients import Patient
from intake.store.people import Location, User
from intake.store.visits import Visit

HER_WORD: Final[Mapping[str, str]] = {
    "not-safe": N_("In their form the patient said not to use this. It stays so until they say otherwise there."),
    "appointments-only": N_("In their form the patient said: only for appointment times. It stays so for now."),
}


def create(
    session: Session,
    *,
    legal_name: str,
    name_used: str,
    birth_date: date,
    contacts: Sequence[Mapping[str, str]],
    by: User,
    now: datetime,
) -> Patient:
    """A new patient; `contacts` are {"method", "value", "safe"}."""
    patient = Patient(legal_name=legal_name, name_used=name_used, birth_date=birth_date, created_at=now)
    patient.contacts = [dict(contact) for contact in contacts]
    session.add(patient)
    session.flush()
    audit.record(session, "patient.created", actor=by, subject=patient, patient_id=patient.id, now=now)
    session.commit()
    return patient


def change(
    session: Session, patient: Patient, details: Mapping[str, Any], *, over: int, by: User, now: datetime
) -> None:
    """Keep new details over version `over`.

    NotReadyError where a way to reach her would be used more freely than she said in a form: that word is hers.
    """
    if patient.version != over:
        raise StaleError
    told = history.may_have_told(session, patient.id)
    if found := contacts.looser(details.get("contacts", ()), *told):
        raise NotReadyError([Problem(f"{method}_safe", HER_WORD[word]) for method, word in found.items()])
    if "contacts" in details:
        details = {**details, "contacts": contacts.saved_by_hand(details["contacts"], patient.contacts)}
    for name, value in details.items():
        setattr(patient, name, value)
    audit.record(session, "patient.changed", actor=by, subject=patient, patient_id=patient.id, now=now)
    session.commit()


def schedule(
    session: Session,
    patient: Patient,
    *,
    therapist: User,
    location: Location,
    kind: str,
    starts_at: datetime,
    by: User,
    now: datetime,
) -> Visit:
    """A new visit. It puts the therapist on the care team, unless they planned it themselves (careteam.visit_added)."""
    visit = Visit(
        patient_id=patient.id, therapist_id=therapist.id, location_id=location.id, kind=kind, starts_at=starts_at
    )
    is_let_in_alone = careteam.visit_added(session, visit, by, now)
    session.add(visit)
    session.flush()
    if is_let_in_alone:
        audit.record(session, "alert.opened-alone", actor=by, subject=visit, now=now)
    audit.record(session, "visit.scheduled", actor=by, subject=visit, now=now)
    session.commit()
    return visit


def cancel(session: Session, visit: Visit, *, by: User, now: datetime) -> None:
    """Call a visit off; its invitations end with it. One that took place, with answers or notes, stays."""
    in_already = any(asked.status == responses.COMPLETED for asked in responses.asked(session, visit.id))
    if notes.of_visit(session, visit.id) or in_already:
        message = "There are answers or notes for this visit, so it stays in the record."
        raise RefusedError(message)
    visit.cancelled_at = now
    for invitation in visit.invitations:
        invitation.revoked_at = invitation.revoked_at or now
    careteam.visit_cancelled(session, visit, now)
    audit.record(session, "visit.cancelled", actor=by, subject=visit, now=now)
    session.commit()
