"""A patient's wish to have a signed note changed: that it was received, and that it takes longer.

It is answered by a signed addition to the note (signatures.add).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError
from intake.clinical import amending
from intake.clinical.additions import NO_READERS, READERS
from intake.store import amendment_requests, audit, history
from intake.store.amendment_requests import AmendmentRequest
from intake.store.notes import Note
from intake.store.people import User


def receive(
    session: Session,
    note: Note,
    words: str,
    received_on: date,
    readers: str,
    *,
    by: User,
    today: date,
    now: datetime,
) -> AmendmentRequest:
    """Keep a wish as it was received. RefusedError for a draft, a day to come or before the note was signed."""
    if not note.is_signed:
        message = "This note is a draft: its author can still change it."
        raise RefusedError(message)
    if readers not in dict(READERS):
        raise RefusedError(NO_READERS)
    if received_on > today:
        message = "This day is still to come. Please give the day on which the request was received."
        raise RefusedError(message)
    if note.signed_at is None or received_on < note.signed_at.astimezone(history.zone(session)).date():
        message = "This day is before the note was signed. Please give the day on which the request was received."
        raise RefusedError(message)
    row = AmendmentRequest(patient_id=note.patient_id, note_id=note.id, user_id=by.id)
    row.received_on, row.recorded_at, row.text, row.readers = received_on, now, words, readers
    session.add(row)
    session.flush()
    audit.record(session, "amendment.requested", actor=by, subject=row, patient_id=note.patient_id, now=now)
    session.commit()
    return row


def extend(
    session: Session, request: AmendmentRequest, reason: str, *, by: User, today: date, now: datetime
) -> AmendmentRequest:
    """Take 30 days more, since she was told today in writing why. RefusedError where it is too late for that."""
    session.refresh(request.note, with_for_update=True)
    session.expire(request, ["extension"])
    if amendment_requests.outcome(request).answer is not None:
        message = "This request is answered already."
        raise RefusedError(message)
    if request.extension is not None:
        message = "There was more time once already, and there is only one time."
        raise RefusedError(message)
    if not amending.may_extend(request.received_on, today):
        message = "The first 60 days are over: more time had to be taken within them. Please answer the request now."
        raise RefusedError(message)
    row = AmendmentRequest(patient_id=request.patient_id, note_id=request.note_id, user_id=by.id)
    row.extends_id, row.received_on, row.recorded_at, row.text = request.id, today, now, reason
    session.add(row)
    session.flush()
    audit.record(session, "amendment.extended", actor=by, subject=request, patient_id=request.patient_id, now=now)
    session.commit()
    session.expire(request, ["extension"])
    return row
