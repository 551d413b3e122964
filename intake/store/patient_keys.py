"""The data keys of patients, wrapped under a root key: three for each, one a compartment.

Without its key a compartment cannot be read by anybody: a key that is destroyed erases what it sealed. Unwrapped keys
are held by the session that needed them and go with it.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    Result,
    Row,
    String,
    UniqueConstraint,
    Uuid,
    bindparam,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from intake.security.keys import KeyRing
from intake.security.seal import SUITE, DataKey, SealError, Wrapping
from intake.store import instance
from intake.store.base import Base, Identified

CARE: Final = "care"
SENSITIVE: Final = "sensitive"
SAFETY: Final = "safety"
COMPARTMENTS = (CARE, SENSITIVE, SAFETY)
AT_ONCE = 500  # rows a question asks for by id
COUNTED = 1024
MOST_WRITES = 2**31  # random nonces stay apart up to 2^32 seals of one key (NIST SP 800-38D, 8.3); half of it is left


class PatientKey(Base, Identified):
    """One wrapped key. `writes` is counted by sampling: about one seal in a thousand adds a thousand."""

    __tablename__ = "patient_keys"
    __table_args__ = (
        UniqueConstraint("patient_id", "compartment"),
        Index(
            "ix_patient_keys_destroyed",
            "patient_id",
            sqlite_where=text("destroyed_at IS NOT NULL"),
            postgresql_where=text("destroyed_at IS NOT NULL"),
        ),
    )

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"))
    compartment: Mapped[str] = mapped_column(String(10))
    suite: Mapped[int] = mapped_column(default=SUITE)
    root_id: Mapped[str] = mapped_column(String(8), index=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]
    writes: Mapped[int] = mapped_column(BigInteger, default=0)


WRAPPED = select(
    *(PatientKey.id, PatientKey.patient_id, PatientKey.compartment, PatientKey.root_id, PatientKey.wrapped),
    *(PatientKey.destroyed_at, PatientKey.writes, instance.NUMBER.scalar_subquery().label("instance")),
)
OF_SEVERAL = WRAPPED.where(PatientKey.patient_id.in_(bindparam("patients", type_=Uuid(), expanding=True)))
OF_ONE = WRAPPED.where(PatientKey.patient_id == bindparam("patient", type_=Uuid()))  # the usual; nothing to spell out


class DestroyedError(SealError):
    """The key was destroyed on purpose: what it sealed is erased."""


class Keys:
    """The keys one session has met, and the number of the installation. A key is unwrapped when it is first used."""

    def __init__(self, ring: KeyRing) -> None:
        self._wrapping = Wrapping(ring)
        self._rows: dict[tuple[uuid.UUID, str], Row[Any]] = {}
        self._open: dict[tuple[uuid.UUID, str], DataKey] = {}
        self._made: list[dict[str, Any]] = []
        self._instance: uuid.UUID | None = None

    def instance(self, connected: Callable[[], Connection]) -> uuid.UUID:
        """The number of the installation; it comes with the first key that is fetched, and is asked for otherwise."""
        if self._instance is None:
            self._instance = instance.number(connected())
        return self._instance

    def knows(self, patient: uuid.UUID) -> bool:
        """Whether the patient's keys were looked for, or made, already."""
        return (patient, CARE) in self._rows or (patient, CARE) in self._open

    def load(self, connection: Connection, patients: Collection[uuid.UUID]) -> None:
        """Fetch the keys of these patients, in as few questions as it takes."""
        wanted = list(patients)
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            found: Result[Any] = (
                connection.execute(OF_SEVERAL, {"patients": some})
                if some[1:]
                else connection.execute(OF_ONE, {"patient": some[0]})
            )
            for row in found:
                self._rows[row.patient_id, row.compartment], self._instance = row, row.instance

    def key(self, patient: uuid.UUID, compartment: str) -> DataKey:
        """A key that was fetched or made; SealError when there is none, DestroyedError when there is none any more."""
        there = patient, compartment
        if there not in self._open:
            self._open[there] = self._unwrapped(self._rows.get(there))
        return self._open[there]

    def _unwrapped(self, row: Row[Any] | None) -> DataKey:
        if row is None:
            raise SealError
        if row.destroyed_at is not None:
            raise DestroyedError if _is_erased(self._wrapping, row) else SealError
        return self._wrapping.unwrap(row.root_id, row.id, row.wrapped, row.patient_id, row.compartment)

    def make(self, patient: uuid.UUID, now: datetime) -> None:
        """Three new keys for a new patient, to be kept with `keep` once the patient is there."""
        for compartment in COMPARTMENTS:
            key = self._open[patient, compartment] = DataKey.new()
            root_id, wrapped = self._wrapping.wrap(key, patient, compartment)
            row = {"id": key.id, "patient_id": patient, "compartment": compartment, "root_id": root_id}
            self._made.append(row | {"wrapped": wrapped, "created_at": now})

    def keep(self, connection: Connection) -> None:
        """Write down the keys that were made."""
        if self._made:
            connection.execute(insert(PatientKey), self._made)
            self.forget_made()

    def forget_made(self) -> None:
        """Drop the keys that were made for patients who were not kept after all."""
        self._made = []

    def count(self, connection: Connection, key: DataKey, patient: uuid.UUID, compartment: str) -> None:
        """Keep an account of seals; SealError for a key that has made too many."""
        row = self._rows.get((patient, compartment))
        if row is not None and row.writes >= MOST_WRITES:
            raise SealError
        if secrets.randbelow(COUNTED) == 0:
            more = {"writes": PatientKey.writes + COUNTED}
            connection.execute(update(PatientKey).where(PatientKey.id == key.id).values(more))


PLACES = select(PatientKey.id, PatientKey.patient_id, PatientKey.compartment, PatientKey.wrapped)


def _is_erased(wrapping: Wrapping, row: Any) -> bool:
    """Whether a tombstone stands there: the column alone could have been set by anybody who writes to the database."""
    return wrapping.is_tombstone(row.wrapped, row.id, row.patient_id, row.compartment)


def destroyed(connection: Connection, ring: KeyRing) -> frozenset[uuid.UUID]:
    """The patients whose names nobody can read any more, because their record was erased on purpose."""
    gone = connection.execute(PLACES.where(PatientKey.destroyed_at.is_not(None), PatientKey.compartment == CARE))
    wrapping = Wrapping(ring)
    return frozenset(row.patient_id for row in gone if _is_erased(wrapping, row))


def destroy(connection: Connection, ring: KeyRing, patient: uuid.UUID, now: datetime) -> int:
    """Put tombstones over the patient's wrapped keys, where none stand yet; how many that were."""
    wrapping = Wrapping(ring)
    rows = [
        row
        for row in connection.execute(PLACES.where(PatientKey.patient_id == patient)).all()
        if not _is_erased(wrapping, row)
    ]
    for row in rows:
        tombstone = wrapping.tombstone(row.id, patient, row.compartment)
        over = update(PatientKey).where(PatientKey.id == row.id).values(wrapped=tombstone, destroyed_at=now)
        connection.execute(over)
    return len(rows)


def with_keys(connection: Connection, ring: KeyRing) -> list[uuid.UUID]:
    """Every patient who has a key left, or something that is no tombstone in its place."""
    living = connection.scalars(select(PatientKey.patient_id).where(PatientKey.destroyed_at.is_(None)).distinct())
    wrapping = Wrapping(ring)
    over = connection.execute(PLACES.where(PatientKey.destroyed_at.is_not(None)))
    return list({*living, *(row.patient_id for row in over if not _is_erased(wrapping, row))})


def is_erased(connection: Connection, ring: KeyRing, patient: uuid.UUID) -> bool:
    """Whether a tombstone stands in place of every key of the patient."""
    wrapping = Wrapping(ring)
    return all(_is_erased(wrapping, row) for row in connection.execute(PLACES.where(PatientKey.patient_id == patient)))
