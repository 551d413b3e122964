"""Evaluation notes: a response with a life. Draft, then signed and frozen, then addenda only."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, defer, joinedload, mapped_column, relationship, selectinload

from intake.store.base import Base, Identified, Versioned, Within, everybody
from intake.store.patient_keys import SENSITIVE
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.responses import Response
from intake.store.sealing import Inside, Sealing, sealed
from intake.store.visits import Visit


class Note(Sealing, Base, Identified, Versioned):
    """One note. `content` is the canonical text that was signed, `sha256` its hash."""

    __tablename__ = "notes"
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"), unique=True)
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    signer_name: Mapped[str | None] = mapped_column(String(200))
    signer_credentials: Mapped[str | None] = mapped_column(String(100))
    sealed_content: Mapped[bytes] = sealed(SENSITIVE, "content")
    sha256: Mapped[str | None] = mapped_column(String(64))

    content = Inside[str | None]("sealed_content", lambda: None)

    response: Mapped[Response] = relationship()
    patient: Mapped[Patient] = relationship()
    visit: Mapped[Visit] = relationship()
    author: Mapped[User] = relationship()
    addenda: Mapped[list[Addendum]] = relationship(order_by="Addendum.written_at")

    @property
    def is_signed(self) -> bool:
        """Whether it is final."""
        return self.signed_at is not None


class Addendum(Sealing, Base, Identified):
    """What was added to a signed note, by whom and when. Never changed."""

    __tablename__ = "addenda"

    note_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notes.id"), index=True)
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str] = mapped_column(String(200))
    author_credentials: Mapped[str] = mapped_column(String(100))
    sealed_text: Mapped[bytes] = sealed(SENSITIVE, "text")
    written_at: Mapped[datetime]

    text = Inside[str]("sealed_text", str)


def get(session: Session, note_id: uuid.UUID, within: Within = everybody) -> Note | None:
    """The note with everything a page about it shows."""
    return session.scalar(
        select(Note)
        .where(Note.id == note_id, within(Note))
        .options(
            joinedload(Note.response),
            joinedload(Note.author),
            joinedload(Note.visit).joinedload(Visit.location),
            joinedload(Note.patient).selectinload(Patient.visits),
            selectinload(Note.addenda),
        )
    )


def of_patient(session: Session, patient_id: uuid.UUID) -> list[Note]:
    """The notes of a patient, newest first, with authors."""
    query = (
        select(Note).where(Note.patient_id == patient_id).options(joinedload(Note.author), defer(Note.sealed_content))
    )
    return list(session.scalars(query.order_by(Note.created_at.desc())))


def of_visit(session: Session, visit_id: uuid.UUID) -> list[Note]:
    """The notes of a visit, drafts included."""
    return list(session.scalars(select(Note).where(Note.visit_id == visit_id)))


def unsigned_by(session: Session, author: User) -> list[Note]:
    """The drafts of one therapist, oldest first."""
    query = select(Note).where(Note.author_id == author.id, Note.signed_at.is_(None)).options(joinedload(Note.patient))
    return list(session.scalars(query.order_by(Note.created_at)))
