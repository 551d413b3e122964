"""A patient's ledger of signed records: each names the one before, so that none can go missing unseen."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.clinical.signed import FIRST, Place
from intake.store.base import Base
from intake.store.patient_keys import SENSITIVE
from intake.store.patients import Patient
from intake.store.sealing import keyed_mark


class Ledger(Base):
    """How far a patient's ledger goes: the number and the hash of the newest entry."""

    __tablename__ = "ledgers"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), primary_key=True)
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


def next_place(session: Session, patient_id: uuid.UUID) -> Place:
    """Where the next signed record goes. Held until the transaction ends: entries come one after another."""
    held = select(Patient.id).where(Patient.id == patient_id).with_for_update(key_share=True)
    session.execute(held)
    head = _head(session, patient_id)
    position, before = (head.position + 1, head.sha256) if head else (1, FIRST)
    salt = keyed_mark(session, patient_id, SENSITIVE, f"ledger {position} {before}").hex()
    return Place(position, before, salt)


def advance(session: Session, patient_id: uuid.UUID, place: Place, sha256: str) -> None:
    """Note the newest entry."""
    head = _head(session, patient_id)
    if head is None:
        session.add(Ledger(patient_id=patient_id, position=place.position, sha256=sha256))
    else:
        head.position, head.sha256 = place.position, sha256
    session.flush()


def mark(position: int, sha256: str) -> str:
    """An entry as the audit trail names it: its number and the beginning of its hash, 40 characters at most."""
    return f"{position} {sha256[:24]}"


def _head(session: Session, patient_id: uuid.UUID) -> Ledger | None:
    return session.scalar(
        select(Ledger).where(Ledger.patient_id == patient_id).execution_options(populate_existing=True)
    )


def newest(session: Session, patient_id: uuid.UUID) -> tuple[int, str] | None:
    """Number and hash of the newest entry as the ledger itself remembers it; None before there is one."""
    head = _head(session, patient_id)
    return (head.position, head.sha256) if head else None
