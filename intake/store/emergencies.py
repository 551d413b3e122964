"""Charts that were opened in an emergency by somebody who is not on the team, and what the privacy lead made of it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, String, and_, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship
from sqlalchemy.sql.base import ExecutableOption

from intake.store.asked import as_asked
from intake.store.base import Base, Identified, Versioned, Within, everybody
from intake.store.binding import Bound
from intake.store.patient_keys import SENSITIVE
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.sealing import Inside, Sealing, sealed


class BreakGlass(Bound, Sealing, Base, Identified, Versioned):
    """One opening: who, whose chart, why, until when, and its review. `text` can say anything about the patient."""

    __tablename__ = "break_glass"
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    sensitive: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    review: Mapped[str] = mapped_column(String(20), default="")
    sealed_words: Mapped[bytes] = sealed(SENSITIVE, "words")

    text = Inside[str]("sealed_words", str)
    review_note = Inside[str]("sealed_words", str)

    patient: Mapped[Patient] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    reviewed_by: Mapped[User | None] = relationship(foreign_keys=reviewed_by_id)


def live(now: datetime) -> ColumnElement[bool]:
    """What holds of an opening that counts now."""
    return and_(BreakGlass.opened_at <= now, BreakGlass.expires_at > now, BreakGlass.ended_at.is_(None))


def get(session: Session, emergency_id: uuid.UUID, within: Within = everybody) -> BreakGlass | None:
    """The opening of that id."""
    query = select(BreakGlass).where(BreakGlass.id == emergency_id, within(BreakGlass))
    return as_asked(session.scalar(query), id=emergency_id)


def open_by(session: Session, user_id: uuid.UUID, now: datetime) -> list[BreakGlass]:
    """What somebody has open now, the latest to end first."""
    query = select(BreakGlass).where(BreakGlass.user_id == user_id, live(now))
    found = session.scalars(query.order_by(BreakGlass.expires_at.desc()))
    return [as_asked(each, user_id=user_id) for each in found]


def to_review(session: Session) -> list[BreakGlass]:
    """Every opening, those without a review first, oldest first."""
    query = select(BreakGlass).options(*_people())
    waiting = session.scalars(query.where(BreakGlass.reviewed_at.is_(None)).order_by(BreakGlass.opened_at))
    done = session.scalars(query.where(BreakGlass.reviewed_at.is_not(None)).order_by(BreakGlass.reviewed_at.desc()))
    return [*waiting, *done]


def _people() -> tuple[ExecutableOption, ...]:
    return joinedload(BreakGlass.patient), joinedload(BreakGlass.user), joinedload(BreakGlass.reviewed_by)
