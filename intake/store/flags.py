"""The worklist: warning signs that were raised, who took them on, and what came of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, case, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from intake.store.base import Base, Identified, Versioned
from intake.store.patients import Patient
from intake.store.people import User

SEVERITIES = ("EMERGENCY", "SAME_DAY", "DISCUSS")


class Flag(Base, Identified, Versioned):
    """One rule that fired for one intake. It stays for staff whatever the patient answers later."""

    __tablename__ = "flags"
    __table_args__ = (
        Index(
            "uq_flags_open",
            "response_id",
            "rule",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"))
    rule: Mapped[str] = mapped_column(String(10))
    severity: Mapped[str] = mapped_column(String(10))
    because: Mapped[list[str]]
    opened_at: Mapped[datetime]
    raised_at: Mapped[datetime] = mapped_column(default=lambda row: row.get_current_parameters()["opened_at"])
    still_true: Mapped[bool] = mapped_column(default=True)
    patient_reply: Mapped[str | None] = mapped_column(String(10))
    patient_replied_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    outcome: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))

    patient: Mapped[Patient] = relationship()
    acknowledged_by: Mapped[User | None] = relationship(foreign_keys=acknowledged_by_id)
    closed_by: Mapped[User | None] = relationship(foreign_keys=closed_by_id)


def get(session: Session, flag_id: uuid.UUID) -> Flag | None:
    """The entry of that id."""
    return session.get(Flag, flag_id)


def holding(session: Session, response_id: uuid.UUID) -> dict[str, tuple[bool, list[str], bool, bool]]:
    """{rule: (still true, because, closed, replied)} of an intake, the newest entry of each."""
    rows = session.execute(
        select(Flag.rule, Flag.still_true, Flag.because, Flag.closed_at, Flag.patient_reply)
        .where(Flag.response_id == response_id)
        .order_by(Flag.opened_at)
    )
    return {rule: (true, because, closed is not None, reply is not None) for rule, true, because, closed, reply in rows}


def of_response(session: Session, response_id: uuid.UUID) -> list[Flag]:
    """The flags of one intake, gravest first."""
    return list(session.scalars(select(Flag).where(Flag.response_id == response_id).order_by(*_gravest_first())))


def of_patient(session: Session, patient_id: uuid.UUID) -> list[Flag]:
    """The flags of a patient, gravest first."""
    return list(session.scalars(select(Flag).where(Flag.patient_id == patient_id).order_by(*_gravest_first())))


def open_flags(session: Session) -> list[Flag]:
    """Everything that still waits for an outcome, gravest first, with patients and who took it on."""
    query = select(Flag).where(Flag.closed_at.is_(None))
    whole = (joinedload(Flag.patient).selectinload(Patient.visits), joinedload(Flag.acknowledged_by))
    return list(session.scalars(query.order_by(*_gravest_first()).options(*whole)))


def _gravest_first() -> tuple[Any, ...]:
    rank = case({severity: number for number, severity in enumerate(SEVERITIES)}, value=Flag.severity, else_=9)
    return rank, Flag.opened_at, Flag.rule
