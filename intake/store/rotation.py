"""Data keys by the root key they are wrapped under, and wrapping them anew under the one in use."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from intake.security.keys import KeyRing
from intake.security.seal import Wrapping
from intake.store.patient_keys import PatientKey

WRAPPED = select(
    *(PatientKey.id, PatientKey.patient_id, PatientKey.compartment, PatientKey.root_id, PatientKey.wrapped),
)
LIVING = PatientKey.destroyed_at.is_(None)


def by_root(session: Session) -> dict[str, int]:
    """{root id: how many data keys are wrapped under it}. Destroyed keys do not count."""
    counted = select(PatientKey.root_id, func.count()).where(LIVING).group_by(PatientKey.root_id)
    return {row[0]: row[1] for row in session.execute(counted)}


def left(session: Session, root_id: str) -> int:
    """How many data keys are wrapped under any other root key."""
    return sum(number for other, number in by_root(session).items() if other != root_id)


def rewrap(session: Session, ring: KeyRing, most: int) -> int:
    """Wrap up to `most` data keys under the root key in use; how many there were. SealError when one does not open."""
    wrapping = Wrapping(ring)
    rows = session.execute(WRAPPED.where(LIVING, PatientKey.root_id != ring.current.id).limit(most)).all()
    for row in rows:
        key = wrapping.unwrap(row.root_id, row.id, row.wrapped, row.patient_id, row.compartment)
        root_id, wrapped = wrapping.wrap(key, row.patient_id, row.compartment)
        # Unless it was destroyed meanwhile: a key that is gone must not come back.
        still = update(PatientKey).where(PatientKey.id == row.id, LIVING)
        session.execute(still.values(root_id=root_id, wrapped=wrapped))
    return len(rows)
