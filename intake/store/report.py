"""What the privacy lead asks of the audit trail. Lines hold ids: names are looked up when somebody reads them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from intake.store.lines import AuditEvent
from intake.store.patients import Patient
from intake.store.people import User


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines: everything that is not None has to fit; `until` is the first moment after."""

    actor_id: uuid.UUID | None = None
    patient_id: uuid.UUID | None = None
    actions: Collection[str] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, newest first, and the number to ask for the older ones with; None when there are none."""

    lines: Sequence[AuditEvent]
    older: int | None


def page(session: Session, asked: Asked, most: int, before: int | None = None) -> Page:
    """The newest `most` lines that fit, of those before a number."""
    query = select(AuditEvent).where(*_clauses(asked)).order_by(AuditEvent.seq.desc()).limit(most + 1)
    if before is not None:
        query = query.where(AuditEvent.seq < before)
    found = list(session.scalars(query))
    return Page(found[:most], found[most - 1].seq if len(found) > most else None)


def _clauses(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.actor_id is not None:
        found.append(AuditEvent.actor_id == asked.actor_id)
    if asked.patient_id is not None:
        found.append(AuditEvent.patient_id == asked.patient_id)
    if asked.actions is not None:
        found.append(AuditEvent.action.in_(asked.actions))
    if asked.since is not None:
        found.append(AuditEvent.at >= asked.since)
    if asked.until is not None:
        found.append(AuditEvent.at < asked.until)
    return found


def of_patient(session: Session, patient_id: uuid.UUID, since: datetime) -> list[AuditEvent]:
    """Every line about a patient from a moment on, oldest first."""
    query = select(AuditEvent).where(AuditEvent.patient_id == patient_id, AuditEvent.at >= since)
    return list(session.scalars(query.order_by(AuditEvent.seq)))


def people(session: Session, lines: Iterable[AuditEvent]) -> dict[uuid.UUID, User]:
    """Who of the clinic stands behind the lines."""
    ids = {line.actor_id for line in lines if line.actor_kind == "user"}
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))}


def patients(session: Session, lines: Iterable[AuditEvent]) -> dict[uuid.UUID, Patient]:
    """Whom the lines are about."""
    ids = {line.patient_id for line in lines if line.patient_id}
    return {patient.id: patient for patient in session.scalars(select(Patient).where(Patient.id.in_(ids)))}


def patients_between(session: Session, first: uuid.UUID, last: uuid.UUID, most: int) -> list[Patient]:
    """Patients whose id lies between two."""
    return list(session.scalars(select(Patient).where(Patient.id.between(first, last)).limit(most)))
