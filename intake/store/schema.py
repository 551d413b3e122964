"""Every table, gathered: import this to have the whole metadata."""

from __future__ import annotations

from intake.store import (
    audit,
    consents,
    factors,
    flags,
    kept,
    notes,
    patients,
    people,
    plans,
    resets,
    responses,
    sessions,
    triggers,
    visits,
)
from intake.store.base import Base

triggers.install()
metadata = Base.metadata
TABLES = (audit, consents, factors, flags, kept, notes, patients, people, plans, resets, responses, sessions, visits)
