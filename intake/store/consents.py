"""What a patient agreed to, refused or wanted to talk about: each with the exact words she was shown."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.forms.model import Question
from intake.forms.words import say
from intake.store.base import Base, Identified
from intake.store.patient_keys import CARE
from intake.store.responses import Response
from intake.store.sealing import Inside, Sealing, sealed


class Consent(Sealing, Base, Identified):
    """One decision about one text. Never changed; a withdrawal only adds its date.

    Signed by typing her name, at `signed_at`; or on paper: then `on_paper` is the day beside the signature, `seen_by`
    the name of whoever saw it, and `signed_at` when that was noted here.
    """

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
    on_paper = Inside[date | None]("sealed_words", lambda: None, date.fromisoformat, str)
    seen_by = Inside[str]("sealed_words", str)


def given(response: Response, question: Question, answer: Mapping[str, Any], *, signer: str, now: datetime) -> Consent:
    """The record of one decision, with the words as they stood on the form."""
    text = f"{question.text}\n\n{question.body}"
    return Consent(
        patient_id=response.patient_id,
        response_id=response.id,
        question=question.id,
        form_version=response.form_version,
        title=question.text,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        language=response.language,
        decision=answer["value"],
        decision_text=say(question, answer),
        signer=signer,
        signed_at=now,
    )


def of_patient(session: Session, patient_id: uuid.UUID) -> list[Consent]:
    """Every consent record of a patient, newest first."""
    rows = session.scalars(select(Consent).where(Consent.patient_id == patient_id))
    by_question = sorted(rows, key=lambda consent: consent.question)
    return sorted(by_question, key=lambda consent: consent.signed_at, reverse=True)
