"""Who did what to whose record, and when: codes and ids only, never names or answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.store.base import Base


class AuditEvent(Base):
    """One line. The table only grows."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[uuid.UUID | None]
    patient_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    outcome: Mapped[str] = mapped_column(String(20), default="done")
    categories: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(40), default="")


def record(
    session: Session,
    action: str,
    *,
    now: datetime,
    actor: object = None,
    subject: object = None,
    patient_id: uuid.UUID | None = None,
    outcome: str = "done",
    categories: Sequence[str] = (),
    reason: str = "",
) -> None:
    """Add a line to the transaction of the act it is about.

    `categories` are the kinds of data seen ("care", "sensitive" …), `reason` a code, never free text.
    """
    session.info.setdefault("lines", []).append(action)
    session.execute(
        insert(AuditEvent).values(
            at=now,
            actor_kind=type(actor).__name__.lower() if actor is not None else "system",
            actor_id=getattr(actor, "id", None),
            action=action,
            subject=type(subject).__name__.lower() if subject is not None else "",
            subject_id=_uuid(subject),
            patient_id=patient_id or getattr(subject, "patient_id", None),
            outcome=outcome,
            categories=" ".join(categories),
            reason=reason,
        )
    )


def _uuid(subject: object) -> uuid.UUID | None:
    found = getattr(subject, "id", None)
    return found if isinstance(found, uuid.UUID) else None


def of_patient(session: Session, patient_id: uuid.UUID) -> list[AuditEvent]:
    """Every line about a patient, oldest first."""
    return list(session.scalars(select(AuditEvent).where(AuditEvent.patient_id == patient_id).order_by(AuditEvent.seq)))


def has(session: Session, action: str) -> bool:
    """Whether this was ever done here."""
    return session.scalar(select(AuditEvent.seq).where(AuditEvent.action == action).limit(1)) is not None
