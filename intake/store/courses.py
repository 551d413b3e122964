"""What happened to plans of care: made, sent, ordered, signed by whoever certifies them. Rows are only ever added.

A plan is in its note; its row tells the days that clocks need, so that a list of what is due opens no note. Somebody
who made a mistake takes an entry back with another one.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from intake.clinical import certification
from intake.clinical.certification import Act, Event
from intake.clinical.kinds import DISCHARGE
from intake.forms.conditions import Answers
from intake.store.base import Base, Identified, Within, everybody
from intake.store.binding import Bound
from intake.store.notes import Note
from intake.store.patient_keys import CARE
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.sealing import Inside, Sealing, sealed

COMPARED: Final = frozenset({Act.ORDER, Act.SENT})


class PlanEvent(Bound, Sealing, Base, Identified):
    """One act on a day. `who` is the other provider, sealed; `weeks` are of a plan, `way` of what was sent or said."""

    __tablename__ = "plan_events"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    note_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notes.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    act: Mapped[str] = mapped_column(String(20))
    happened_on: Mapped[date]
    weeks: Mapped[int]
    way: Mapped[str] = mapped_column(String(20))
    takes_back_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("plan_events.id"), unique=True)
    recorded_at: Mapped[datetime]
    sealed_words: Mapped[bytes] = sealed(CARE, "words")

    who = Inside[str]("sealed_words", str)

    patient: Mapped[Patient] = relationship()
    user: Mapped[User] = relationship()


def get(session: Session, event_id: uuid.UUID, within: Within = everybody) -> PlanEvent | None:
    """The row of that id with its patient."""
    query = select(PlanEvent).where(PlanEvent.id == event_id, within(PlanEvent))
    return session.scalar(query.options(joinedload(PlanEvent.patient).selectinload(Patient.visits)))


def of_patients(session: Session, patients: Collection[uuid.UUID]) -> dict[uuid.UUID, list[PlanEvent]]:
    """{patient: every row, as they were recorded}, taken-back ones and their takings included."""
    query = select(PlanEvent).where(PlanEvent.patient_id.in_(sorted(patients))).options(joinedload(PlanEvent.user))
    found: dict[uuid.UUID, list[PlanEvent]] = {}
    for row in session.scalars(query.order_by(PlanEvent.recorded_at, PlanEvent.id)) if patients else ():
        found.setdefault(row.patient_id, []).append(row)
    return found


def standing(rows: Sequence[PlanEvent]) -> list[PlanEvent]:
    """Those that count: neither taken back, nor the taking back of another."""
    gone = {row.takes_back_id for row in rows}
    return [row for row in rows if row.id not in gone and row.act != Act.TAKEN_BACK]


def events(rows: Sequence[PlanEvent]) -> list[Event]:
    """What the clocks are worked out from. Who it was is opened only where a clock compares it."""
    found = [(row, row.who if row.act in COMPARED else "") for row in standing(rows)]
    return [Event(Act(row.act), row.happened_on, row.weeks, who) for row, who in found]


def of_signing(note: Note, answers: Answers, on: date, *, by: uuid.UUID, now: datetime) -> PlanEvent | None:
    """The row a note leaves when it is signed: a plan that needs to be certified, or the end of care; else None."""
    told = certification.planned(answers)
    if told is None and note.kind == DISCHARGE:
        told = Act.ENDED, 0, ""
    if told is None:
        return None
    act, weeks, who = told
    row = PlanEvent(
        patient_id=note.patient_id, note_id=note.id, user_id=by, act=act, happened_on=on, weeks=weeks, way=""
    )
    row.recorded_at, row.who = now, who
    return row
