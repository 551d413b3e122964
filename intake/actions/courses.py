"""What people record about a plan of care: that it was sent, ordered, signed, or an entry made by mistake."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError
from intake.clinical.certification import OF_A_PLAN, PLANNED, TOLD, Act
from intake.forms.problems import N_
from intake.store import audit, courses
from intake.store.courses import PlanEvent
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.people import User

AHEAD = N_("That day is still to come. Write the day on which it happened.")
EARLY = N_("There was no plan of care yet on that day. Write the day on which it was sent or came back.")
NOT_YOURS = N_("This stands in a signed note. Write what is right in a new note.")
GONE = N_("This entry was taken back already.")


def keep(
    session: Session,
    patient: Patient,
    act: Act,
    on: date,
    *,
    who: str = "",
    way: str = "",
    note: Note | None = None,
    by: User,
    now: datetime,
    today: date | None = None,
) -> PlanEvent:
    """Keep that something happened to the patient's plan of care on a day."""
    if act not in TOLD:
        raise RefusedError(NOT_YOURS)
    if on > (today or now.date()):
        raise RefusedError(AHEAD)
    if act in OF_A_PLAN and _is_early(session, patient, on):
        raise RefusedError(EARLY)
    row = PlanEvent(patient_id=patient.id, note_id=note.id if note else None, user_id=by.id, act=act, happened_on=on)
    row.weeks, row.way, row.who, row.recorded_at = 0, way, who, now
    return _kept(session, row, f"plan-of-care.{act}", by, now)


def _is_early(session: Session, patient: Patient, on: date) -> bool:
    """Whether the first plan of care there was is of a later day. Without any it cannot be told."""
    rows = courses.standing(courses.of_patients(session, [patient.id]).get(patient.id, []))
    made = [row.happened_on for row in rows if row.act in PLANNED]
    return bool(made) and on < min(made)


def take_back(session: Session, row: PlanEvent, *, by: User, now: datetime) -> PlanEvent:
    """Say that an entry was made by mistake; both stay on record."""
    if row.act not in TOLD:
        raise RefusedError(NOT_YOURS)
    if row not in courses.standing(courses.of_patients(session, [row.patient_id])[row.patient_id]):
        raise RefusedError(GONE)
    back = PlanEvent(patient_id=row.patient_id, note_id=row.note_id, user_id=by.id, act=Act.TAKEN_BACK)
    back.happened_on, back.weeks, back.way, back.who = row.happened_on, 0, "", ""
    back.takes_back_id, back.recorded_at = row.id, now
    return _kept(session, back, "plan-of-care.taken-back", by, now)


def _kept(session: Session, row: PlanEvent, action: str, by: User, now: datetime) -> PlanEvent:
    session.add(row)
    session.flush()
    audit.record(session, action, actor=by, subject=row, now=now)
    session.commit()
    return row
