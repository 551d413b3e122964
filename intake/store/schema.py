"""Every table, gathered: import this to have the whole metadata."""

from __future__ import annotations

from intake.store import (
    amendments,
    careteam,
    checkpoints,
    clinicforms,
    codes,
    consents,
    courses,
    emergencies,
    factors,
    flags,
    handovers,
    held,
    instance,
    kept,
    ledgers,
    limits,
    lines,
    notes,
    outbox,
    patient_keys,
    patients,
    people,
    phrases,
    plans,
    printouts,
    resets,
    responses,
    reviews,
    safety_entries,
    sessions,
    shreds,
    signatures,
    signing_keys,
    triggers,
    visitforms,
    visits,
)
from intake.store.base import Base

triggers.install()
metadata = Base.metadata
TABLES = (
    amendments, careteam, checkpoints, clinicforms, codes, consents, courses, emergencies, factors, flags, handovers,
    held, instance, kept, ledgers, limits, lines, notes, outbox, patient_keys, patients, people, phrases, plans,
    printouts, resets, responses, reviews, safety_entries, sessions, shreds, signatures, signing_keys, visitforms,
    visits,
)  # fmt: skip
