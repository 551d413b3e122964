"""Every table, gathered: import this to have the whole metadata."""

from __future__ import annotations

from intake.store import (
    audit,
    consents,
    flags,
    ledgers,
    notes,
    patients,
    people,
    plans,
    responses,
    sessions,
    signatures,
    signing_keys,
    triggers,
    visits,
)
from intake.store.base import Base

triggers.install()
metadata = Base.metadata
TABLES = (audit, consents, flags, ledgers, notes, patients, people, plans, responses, sessions)
SIGNED = (signatures, signing_keys, visits)
