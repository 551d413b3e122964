"""Where the audit trail stood and when, signed: copies of these rows leave the machine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.security.chain import Link
from intake.store.base import Base, Identified
from intake.store.lines import HASH_BYTES, AuditEvent, AuditHead, Number

SIGNATURE_BYTES = 64
VERIFIED = "audit.verified"


class AuditCheckpoint(Base, Identified):
    """One signed statement about the trail, and what each sink said to it: {"file": "kept", "mail": "failed"}."""

    __tablename__ = "audit_checkpoints"

    instance: Mapped[str] = mapped_column(String(36))
    seq: Mapped[int] = mapped_column(Number, index=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    signed_at: Mapped[datetime]
    signature: Mapped[bytes] = mapped_column(LargeBinary(SIGNATURE_BYTES))
    receipts: Mapped[dict[str, Any]]


def head(session: Session) -> Link | None:
    """The newest line, as the head says; None before the first."""
    found = session.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    return Link(found.seq, bytes(found.hash)) if found else None


def last(session: Session) -> AuditCheckpoint | None:
    """The newest checkpoint."""
    newest = AuditCheckpoint.seq.desc(), AuditCheckpoint.signed_at.desc()
    return session.scalar(select(AuditCheckpoint).order_by(*newest).limit(1))


def everything(session: Session) -> list[AuditCheckpoint]:
    """Every checkpoint, oldest first."""
    return list(session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.seq)))


def verified(session: Session) -> AuditEvent | None:
    """The line of the last verification."""
    query = select(AuditEvent).where(AuditEvent.action == VERIFIED)
    return session.scalar(query.order_by(AuditEvent.seq.desc()).limit(1))
