"""Transcripts of paper forms that were put right, moved to another visit or taken out: who, when and why."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from intake.store.base import Base, Identified
from intake.store.binding import Bound
from intake.store.patient_keys import SENSITIVE
from intake.store.people import User
from intake.store.responses import Response
from intake.store.sealing import Inside, Sealing, sealed

# Typed wrongly; of another visit of the patient, where it stands now; somebody else's; of another visit, and not kept;
# begun without any paper.
CORRECTED, MOVED, NOT_HERS, NOT_OF_VISIT, NO_PAPER = "corrected", "moved", "not-hers", "not-of-visit", "no-paper"
TAKEN_OUT: Final = frozenset({NOT_HERS, NOT_OF_VISIT, NO_PAPER})
KINDS: Final = TAKEN_OUT | {CORRECTED, MOVED}


class Amendment(Bound, Sealing, Base, Identified):
    """What became of one transcript. `text` can say anything about the patient."""

    __tablename__ = "amendments"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"), unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(20))
    amended_at: Mapped[datetime]
    sealed_words: Mapped[bytes] = sealed(SENSITIVE, "words")

    text = Inside[str]("sealed_words", str)

    user: Mapped[User] = relationship()


def of_response(session: Session, response_id: uuid.UUID | None) -> Amendment | None:
    """What became of a transcript; None while it counts."""
    query = select(Amendment).where(Amendment.response_id == response_id).options(joinedload(Amendment.user))
    return session.scalar(query)


def since(session: Session, patient_id: uuid.UUID, form: str, moment: datetime) -> list[tuple[Amendment, Response]]:
    """What became since a moment of the transcripts of a form of a patient, the oldest act first."""
    query = select(Amendment, Response).join(Response, Response.id == Amendment.response_id)
    mine = Response.patient_id == patient_id, Response.form == form, Amendment.amended_at > moment
    rows = session.execute(query.where(*mine).order_by(Amendment.amended_at).options(joinedload(Amendment.user)))
    return [(amendment, response) for amendment, response in rows]
