"""What a patient agreed to, refused or wanted to talk about: each with the exact words she was shown."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.store.base import Base, Identified
from intake.store.patient_keys import CARE
from intake.store.sealing import Inside, Sealing, sealed


class Consent(Sealing, Base, Identified):
    """One decision about one text. Never changed; a withdrawal only adds its date."""

    __tablename__ = "consents"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"))
    form_version: Mapped[int]
    language: Mapped[str] = mapped_column(String(20))
    signed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    sealed_words: Mapped[bytes] = sealed(CARE, "words")

    question = Inside[str]("sealed_words", str)
    title = Inside[str]("sealed_words", str)
    text = Inside[str]("sealed_words", str)
    text_sha256 = Inside[str]("sealed_words", str)
    decision = Inside[str]("sealed_words", str)
    decision_text = Inside[str]("sealed_words", str)
    signer = Inside[str]("sealed_words", str)


def of_patient(session: Session, patient_id: uuid.UUID) -> list[Consent]:
    """Every consent record of a patient, newest first."""
    rows = session.scalars(select(Consent).where(Consent.patient_id == patient_id))
    by_question = sorted(rows, key=lambda consent: consent.question)
    return sorted(by_question, key=lambda consent: consent.signed_at, reverse=True)
