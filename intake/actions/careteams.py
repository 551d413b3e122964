"""Putting somebody on a patient's care team by hand, and taking them off it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError
from intake.security.policy import TREATING, Role
from intake.store import audit, careteam
from intake.store.careteam import BY_HAND, Membership
from intake.store.patients import Patient
from intake.store.people import User


def add(session: Session, patient: Patient, user: User, role: Role, *, by: User, now: datetime) -> Membership:
    """Put somebody on the team from now on. Nobody puts themselves there: that is what an emergency is for."""
    if user.id == by.id:
        message = "You cannot put yourself on a care team. Ask a colleague to do it."
        raise RefusedError(message)
    if role not in TREATING or role not in user.roles or not user.is_active:
        message = "This person does not work in that role."
        raise RefusedError(message)
    made = careteam.join(session, patient.id, user.id, role, reason=BY_HAND, now=now)
    if made is None:
        message = "This person is on the team already."
        raise RefusedError(message)
    audit.record(session, "care-team.joined", actor=by, subject=made, reason=role, now=now)
    session.commit()
    return made


def end(session: Session, membership: Membership, *, by: User, now: datetime) -> None:
    """Take somebody off the team from now on; notes they wrote stay theirs to read, finish and sign."""
    if membership.until is not None and membership.until <= now:
        message = "This person is not on the team any more."
        raise RefusedError(message)
    membership.until = now
    audit.record(session, "care-team.left", actor=by, subject=membership, reason=membership.role, now=now)
    session.commit()
