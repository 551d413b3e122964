"""A patient's ledger of signed records: each names the one before, so that none can go missing unseen."""

from __future__ import annotations

import uuid
from typing import Any, cast

from sqlalchemy import CursorResult, ForeignKey, String, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.exc import StaleDataError

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


HOLD = select(Patient.id).where(Patient.id == bindparam("patient")).with_for_update(key_share=True)
NEWEST = select(Ledger.position, Ledger.sha256).where(Ledger.patient_id == bindparam("patient"))


def next_place(session: Session, patient_id: uuid.UUID) -> Place:
    """Where the next signed record goes. Held until the transaction ends: entries come one after another."""
    session.execute(HOLD, {"patient": patient_id})
    number, before = newest(session, patient_id) or (0, FIRST)
    position = number + 1
    salt = keyed_mark(session, patient_id, SENSITIVE, f"ledger {position} {before}").hex()
    return Place(position, before, salt)


def advance(session: Session, patient_id: uuid.UUID, place: Place, sha256: str) -> None:
    """Note the newest entry; StaleDataError when its place was taken by another."""
    now = {"position": place.position, "sha256": sha256}
    if place.position == 1:
        session.execute(insert(Ledger), now | {"patient_id": patient_id})
        return
    behind = Ledger.patient_id == patient_id, Ledger.position == place.position - 1
    moved = session.execute(update(Ledger).where(*behind).values(now), execution_options={"synchronize_session": False})
    if cast("CursorResult[Any]", moved).rowcount != 1:
        message = "the ledger moved meanwhile"
        raise StaleDataError(message)


def mark(position: int, sha256: str) -> str:
    """An entry as the audit trail names it: its number and the beginning of its hash, 40 characters at most."""
    return f"{position} {sha256[:24]}"


def newest(session: Session, patient_id: uuid.UUID) -> tuple[int, str] | None:
    """Number and hash of the newest entry as the ledger itself remembers it; None before there is one."""
    found = session.execute(NEWEST, {"patient": patient_id}).one_or_none()
    return (found.position, found.sha256) if found else None
