"""What a patient agreed to, refused or wanted to talk about: each with the exact words she was shown."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.store.base import Base, Identified


class Consent(Base, Identified):
    """One decision about one text. Never changed; a withdrawal only adds its date."""

    __tablename__ = "consents"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"))
    question: Mapped[str] = mapped_column(String(60))
    form_version: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    text_sha256: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(20))
    decision: Mapped[str] = mapped_column(String(40))
    decision_text: Mapped[str] = mapped_column(Text)
    signer: Mapped[str] = mapped_column(String(200))
    signed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


def of_patient(session: Session, patient_id: uuid.UUID) -> list[Consent]:
    """Every consent record of a patient, newest first."""
    query = select(Consent).where(Consent.patient_id == patient_id)
    return list(session.scalars(query.order_by(Consent.signed_at.desc(), Consent.question)))
