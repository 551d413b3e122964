"""Care plans, and the documents that were issued from them."""

from __future__ import annotations

import uuid
from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, deferred, joinedload, mapped_column, relationship, selectinload

from intake.store.base import Base, Identified, Versioned, Within, everybody
from intake.store.binding import Bound
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.responses import Response
from intake.store.sealing import BY_ROW, Inside, Sealing, UnreadableError, sealed
from intake.store.visits import Visit


class Plan(Bound, Base, Identified, Versioned):
    """A care plan: a response to the care-plan form, with a life of its own. Issuing freezes it."""

    __tablename__ = "plans"
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"), unique=True)
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    note_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notes.id"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]

    response: Mapped[Response] = relationship()
    patient: Mapped[Patient] = relationship()
    visit: Mapped[Visit] = relationship()
    note: Mapped[Note] = relationship()
    author: Mapped[User] = relationship()
    # What was issued together: the plan, then its private pages ("care" comes before "sensitive").
    documents: Mapped[list[Document]] = relationship(order_by="(Document.issued_at, Document.tier)")

    @property
    def is_issued(self) -> bool:
        """Whether it was handed over and is final."""
        return self.issued_at is not None


class Document(Sealing, Base, Identified):
    """The exact bytes that were issued, their SHA-256, and the highest tier of what they print. Never changed."""

    __tablename__ = "documents"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plans.id"), index=True)
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    issued_at: Mapped[datetime]
    paper: Mapped[str] = mapped_column(String(10))
    tier: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_content: Mapped[bytes] = deferred(sealed(BY_ROW, "content"))

    content = Inside[bytes]("sealed_content", bytes, b64decode, lambda value: b64encode(value).decode())

    patient: Mapped[Patient] = relationship()
    issued_by: Mapped[User] = relationship()

    @property
    def issued(self) -> bytes:
        """The bytes, when they are those whose hash was kept; UnreadableError otherwise."""
        if sha256(self.content).hexdigest() != self.sha256:
            raise UnreadableError(self.patient_id)
        return self.content


def get(session: Session, plan_id: uuid.UUID, within: Within = everybody) -> Plan | None:
    """The plan with everything its page shows."""
    return session.scalar(
        select(Plan)
        .where(Plan.id == plan_id, within(Plan))
        .options(
            joinedload(Plan.patient).selectinload(Patient.visits),
            joinedload(Plan.note).joinedload(Note.response),
            joinedload(Plan.author),
            joinedload(Plan.response),
            joinedload(Plan.visit),
            selectinload(Plan.documents),
        )
    )


def of_patient(session: Session, patient_id: uuid.UUID) -> list[Plan]:
    """The plans of a patient, newest first, with who wrote them and what was issued."""
    names = joinedload(Plan.author), selectinload(Plan.documents)
    query = select(Plan).where(Plan.patient_id == patient_id)
    return list(session.scalars(query.order_by(Plan.created_at.desc()).options(*names)))


def document(session: Session, document_id: uuid.UUID, within: Within = everybody) -> Document | None:
    """An issued document with its patient; the bytes are fetched when they are asked for."""
    return session.scalar(
        select(Document)
        .where(Document.id == document_id, within(Document))
        .options(joinedload(Document.patient).selectinload(Patient.visits))
    )
