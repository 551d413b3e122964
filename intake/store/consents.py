"""What a patient agreed to, refused or wanted to talk about: each with the exact words she was shown."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.forms import moments
from intake.forms.model import Kind, Question
from intake.forms.words import say
from intake.store import history
from intake.store.base import Base, Identified
from intake.store.patient_keys import CARE
from intake.store.responses import OUT, Response, form_of
from intake.store.sealing import Inside, Sealing, sealed

KEPT = (
    *("patient_id", "question", "form_version", "title", "text", "text_sha256", "language", "decision"),
    *("decision_text", "signer", "signed_at", "on_paper", "seen_by"),
)


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
    """Every consent record of a patient, newest first; those of a paper that does not count any more are left out.

    A paper can be typed in, or be put right, long after she signed it: it stands where its day stands.
    """
    counts = Response.status.not_in(OUT)
    query = select(Consent).join(Response, Response.id == Consent.response_id)
    rows = session.scalars(query.where(Consent.patient_id == patient_id, counts))
    by_question = sorted(rows, key=lambda consent: consent.question)
    zone = history.zone(session)
    return sorted(by_question, key=lambda consent: (said_at(consent, zone), consent.signed_at), reverse=True)


def said_at(consent: Consent, zone: ZoneInfo) -> datetime:
    """When she decided: as she signed, or on the day beside the signature on paper (moments.on_paper)."""
    return moments.on_paper(consent.on_paper, zone) if consent.on_paper else consent.signed_at


def of_response(session: Session, response_id: uuid.UUID) -> list[Consent]:
    """What was agreed to or refused in one form."""
    return list(session.scalars(select(Consent).where(Consent.response_id == response_id)))


def withdrawn(session: Session, response: Response) -> dict[str, datetime]:
    """{question: when} of what was withdrawn under any version of a paper: to put that right brings nothing back."""
    query = select(Consent).where(Consent.response_id.in_(response.versions), Consent.withdrawn_at.is_not(None))
    return {consent.question: consent.withdrawn_at for consent in session.scalars(query) if consent.withdrawn_at}


def is_same(one: Consent, other: Consent) -> bool:
    """Whether both are the same decision, signed the same way."""
    told = ("question", "decision", "signer", "on_paper", "text_sha256")
    return all(getattr(one, name) == getattr(other, name) for name in told)


def unsigned(session: Session, response: Response) -> frozenset[str]:
    """The agreements on a paper that nobody signed: what is ticked there is none. Empty until it is ended."""
    if not response.is_from_paper or response.completed_at is None:
        return frozenset()
    asked = {question.id for question in form_of(response).questions() if question.kind is Kind.CONSENT}
    return frozenset(asked - {consent.question for consent in of_response(session, response.id)})


def signed_since(session: Session, response: Response, signed: Iterable[Consent]) -> frozenset[str]:
    """Which of her agreements were signed since a form was filled in, or that day."""
    zone, at = history.zone(session), history.said_at(session, response)
    return frozenset(consent.question for consent in signed if said_at(consent, zone) >= at)


def moved(consent: Consent, response: Response) -> Consent:
    """The same decision, signed the same way, under another version of the paper it stands on."""
    made = Consent(response_id=response.id, **{name: getattr(consent, name) for name in KEPT})
    made.withdrawn_at = consent.withdrawn_at
    return made
