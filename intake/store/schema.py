"""Every table, gathered: import this to have the whole metadata."""

from __future__ import annotations

from intake.store import (
    audit,
    consents,
    flags,
    limits,
    notes,
    patients,
    people,
    plans,
    responses,
    sessions,
    triggers,
    visits,
)
from intake.store.base import Base

triggers.install()
metadata = Base.metadata
TABLES = (audit, consents, flags, limits, notes, patients, people, plans, responses, sessions, visits)
