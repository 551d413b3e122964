"""Erasing a record by destroying its keys: who asked, what stands against it, and the destruction itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, ForeignKey, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.clinical.emergency import ERASED
from intake.store import lines, patient_keys, sealing, trail
from intake.store.base import Base, Identified
from intake.store.binding import Bound, amend
from intake.store.emergencies import BreakGlass
from intake.store.flags import Flag
from intake.store.lines import LINES
from intake.store.patients import Patient
from intake.store.visits import Visit

SHREDDED = "keys.shredded"


class ShredRequest(Bound, Base, Identified):
    """One person asks that a patient's record be erased; another has to agree within a few days."""

    __tablename__ = "shred_requests"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    agreed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    agreed_at: Mapped[datetime | None]


class LegalHold(Bound, Base, Identified):
    """A record that must not be erased while the hold stands, whatever its age."""

    __tablename__ = "legal_holds"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    placed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    placed_at: Mapped[datetime]
    lifted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    lifted_at: Mapped[datetime | None]


def lock(session: Session, patient_id: uuid.UUID) -> None:
    """Hold the patient's row until the transaction ends, so that a hold and an erasure come one after the other."""
    session.execute(select(Patient.id).where(Patient.id == patient_id).with_for_update())


def request(session: Session, patient_id: uuid.UUID, since: datetime) -> ShredRequest | None:
    """The open request of that moment or later."""
    open_ = ShredRequest.patient_id == patient_id, ShredRequest.agreed_at.is_(None), ShredRequest.asked_at >= since
    return session.scalar(select(ShredRequest).where(*open_).order_by(ShredRequest.asked_at).limit(1))


def hold(session: Session, patient_id: uuid.UUID) -> LegalHold | None:
    """The hold that stands."""
    return session.scalar(select(LegalHold).where(LegalHold.patient_id == patient_id, LegalHold.lifted_at.is_(None)))


def last_visit(session: Session, patient_id: uuid.UUID) -> datetime | None:
    """When the patient was last here or is still expected."""
    mine = Visit.patient_id == patient_id, Visit.cancelled_at.is_(None)
    return session.scalar(select(func.max(Visit.starts_at)).where(*mine))


def is_destroyed(session: Session, patient_id: uuid.UUID) -> bool:
    """Whether no key of the patient is left."""
    return patient_keys.is_erased(session.connection(), sealing.ring(session), patient_id)


def with_keys(session: Session) -> Iterable[uuid.UUID]:
    """Every patient who has a key left."""
    return patient_keys.with_keys(session.connection(), sealing.ring(session))


def finished(session: Session) -> list[uuid.UUID]:
    """Every patient of whom the audit trail says that the record was erased, in a line that we wrote."""
    connection = session.connection()
    held = trail.keys(connection)
    done = select(LINES.c.seq, LINES.c.patient_id).where(LINES.c.action == SHREDDED, LINES.c.patient_id.is_not(None))
    told = {row.patient_id for row in connection.execute(done).all() if lines.holds(connection, row.seq, held)}
    return list(told)


def destroy(session: Session, patient_id: uuid.UUID, now: datetime) -> int:
    """Destroy the patient's keys; how many there were.

    What still waits for somebody is closed with them: nobody could read it any more, nor write what came of it.
    """
    flags = update(Flag).where(Flag.patient_id == patient_id, Flag.closed_at.is_(None)).values(closed_at=now)
    session.execute(flags, execution_options={"synchronize_session": False})
    unseen = select(BreakGlass).where(BreakGlass.patient_id == patient_id, BreakGlass.reviewed_at.is_(None))
    for row in session.scalars(unseen).all():  # past the mapper, which would seal them anew
        amend(session, row, reviewed_at=now, review=ERASED)
    return patient_keys.destroy(session.connection(), sealing.ring(session), patient_id, now)


def forget_old_pages(engine: Engine) -> bool:
    """Have the database let go of what the destroyed keys were before: old rows, and SQLite's log of changes.

    False when somebody was reading all the while, and the log could not be emptied.
    """
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":  # straight to the driver: inside a transaction it does nothing
            driver: Any = connection.connection.driver_connection
            return bool(driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM patient_keys"))
        return True
