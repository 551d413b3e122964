"""Who did what to whose record, and when: codes and ids only, never names or answers."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intake.store.lines import LONGEST, AuditEvent
from intake.store.trail import AuditError, equip, waiting

__all__ = ["AROUND", "Around", "AuditEvent", "ending", "equip", "has", "of_patient", "of_person", "record", "recorded"]

CODES = re.compile(r"[ !#-&(-\[\]-~]*")  # printable ASCII; a quote or a backslash is no part of a code
AROUND = "audit_around"  # session.info: a function that tells where the request comes from
RECORDED = "audit_recorded"
log = logging.getLogger("intake.audit")


@dataclass(frozen=True, slots=True)
class Around:
    """Where an act came from: the session it was done in, and a hash of the network address."""

    login_id: uuid.UUID | None = None
    network: str | None = None


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
    """Add a line to the transaction of the act it is about; it is written when that commits, or the act fails.

    `categories` are the kinds of data seen ("care", "sensitive" …), `reason` a code, never free text. ValueError for
    what is no code.
    """
    around = session.info.get(AROUND, Around)()
    line = {
        "at": now,
        "actor_kind": type(actor).__name__.lower() if actor is not None else "system",
        "actor_id": getattr(actor, "id", None),
        "role": " ".join(sorted(getattr(actor, "roles", ()))),
        "action": action,
        "subject": type(subject).__name__.lower() if subject is not None else "",
        "subject_id": _uuid(subject),
        "patient_id": patient_id or getattr(subject, "patient_id", None),
        "outcome": outcome,
        "categories": " ".join(categories),
        "reason": reason,
        "login_id": around.login_id,
        "network": around.network,
    }
    _refuse_prose(line)
    waiting(session.connection()).lines.append(line)
    session.info.setdefault(RECORDED, []).append(action)


def ending(session: Session, end: Callable[[], None], action: str, *, actor: object, now: datetime) -> None:
    """Keep the end of somebody's session with its line, or without it where the trail takes none.

    A trail that is broken stops every other act. It must not keep somebody signed in who wants out.
    """
    end()
    record(session, action, actor=actor, now=now)
    try:
        session.commit()
    except AuditError:
        session.rollback()
        end()
        session.commit()
        log.exception("a session was ended without its line in the trail")


def recorded(session: Session) -> list[str]:
    """The acts a session was asked to record, kept or not."""
    found: list[str] = session.info.get(RECORDED, [])
    return found


def _refuse_prose(line: dict[str, object]) -> None:
    for name, longest in LONGEST.items():
        value = line.get(name)
        if isinstance(value, str) and (not CODES.fullmatch(value) or len(value) > (longest or 0)):
            message = f"{name} is no code an audit line can hold"
            raise ValueError(message)


def _uuid(subject: object) -> uuid.UUID | None:
    found = getattr(subject, "id", None)
    return found if isinstance(found, uuid.UUID) else None


def of_patient(session: Session, patient_id: uuid.UUID) -> list[AuditEvent]:
    """Every line about a patient, oldest first."""
    return list(session.scalars(select(AuditEvent).where(AuditEvent.patient_id == patient_id).order_by(AuditEvent.seq)))


def of_person(session: Session, user_id: uuid.UUID, moment: datetime) -> list[AuditEvent]:
    """Every line from that moment on by somebody or about them, oldest first.

    What they say is for the caller to read: a database can be made to compare words in another way.
    """
    theirs = AuditEvent.at >= moment, or_(AuditEvent.actor_id == user_id, AuditEvent.subject_id == user_id)
    return list(session.scalars(select(AuditEvent).where(*theirs).order_by(AuditEvent.seq)))


def has(session: Session, action: str, reason: str | None = None) -> bool:
    """Whether this was ever done here, for that reason."""
    query = select(AuditEvent.seq).where(AuditEvent.action == action).limit(1)
    if reason is not None:
        query = query.where(AuditEvent.reason == reason)
    return session.scalar(query) is not None
