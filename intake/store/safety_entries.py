"""What was done after a patient was asked alone: each entry stays, with who wrote it and when."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from intake.store.base import Base, Identified
from intake.store.binding import Bound
from intake.store.patient_keys import SAFETY
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.sealing import Inside, Sealing, sealed


class SafetyEntry(Bound, Sealing, Base, Identified):
    """One entry. `number` counts a patient's entries, so that nobody writes over what they have not read."""

    __tablename__ = "safety_entries"
    __table_args__ = (UniqueConstraint("patient_id", "number"),)

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    number: Mapped[int]
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    written_at: Mapped[datetime]
    sealed_words: Mapped[bytes] = sealed(SAFETY, "words")

    text = Inside[str]("sealed_words", str)

    patient: Mapped[Patient] = relationship()
    author: Mapped[User] = relationship()


def last(session: Session, patient_id: uuid.UUID) -> int:
    """The number of a patient's newest entry; 0 while there is none."""
    query = select(func.max(SafetyEntry.number)).where(SafetyEntry.patient_id == patient_id)
    return session.scalar(query) or 0


def keep(session: Session, patient_id: uuid.UUID, number: int, text: str, *, by: User, now: datetime) -> SafetyEntry:
    """An entry under its number, for ever."""
    made = SafetyEntry(patient_id=patient_id, number=number, author_id=by.id, written_at=now)
    made.text = text
    session.add(made)
    session.flush()
    return made


def of_patient(session: Session, patient_id: uuid.UUID) -> list[SafetyEntry]:
    """A patient's entries, the newest first."""
    query = select(SafetyEntry).where(SafetyEntry.patient_id == patient_id).order_by(SafetyEntry.number.desc())
    return list(session.scalars(query.options(joinedload(SafetyEntry.author))))
