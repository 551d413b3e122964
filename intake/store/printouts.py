"""Sensitive answers that were put on paper: who did it, and why. What may be printed without a reason leaves no row."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from intake.store.base import Base, Identified
from intake.store.binding import Bound
from intake.store.patient_keys import SENSITIVE
from intake.store.people import User
from intake.store.sealing import Inside, Sealing, sealed


class Printout(Bound, Sealing, Base, Identified):
    """One printing. `text` can say anything about the patient."""

    __tablename__ = "printouts"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(40))
    printed_at: Mapped[datetime]
    sealed_words: Mapped[bytes] = sealed(SENSITIVE, "words")

    text = Inside[str]("sealed_words", str)

    user: Mapped[User] = relationship()


def of_response(session: Session, response_id: uuid.UUID) -> list[Printout]:
    """Every printing of a form's sensitive answers, newest first."""
    query = select(Printout).where(Printout.response_id == response_id).options(joinedload(Printout.user))
    return list(session.scalars(query.order_by(Printout.printed_at.desc(), Printout.id)))
