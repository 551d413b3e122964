"""Marking that what a patient handed in was looked through."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError
from intake.forms.problems import N_
from intake.store import audit, responses, reviews
from intake.store.people import User
from intake.store.responses import Response
from intake.store.reviews import Review


def mark(session: Session, response: Response, *, by: User, now: datetime) -> None:
    """Mark a form that is in as reviewed; a second mark changes nothing, and none is ever taken off."""
    if response.status != responses.COMPLETED:
        message = N_("This form is not handed in yet: its answers can still change.")
        raise RefusedError(message)
    responses.lock(session, response)
    if reviews.of_response(session, response.id) is not None:
        return
    made = Review(patient_id=response.patient_id, response_id=response.id, user_id=by.id, reviewed_at=now)
    session.add(made)
    session.flush()
    audit.record(session, "intake.reviewed", actor=by, subject=response, now=now)
    session.commit()
