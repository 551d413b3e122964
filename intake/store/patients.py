"""The people the clinic cares for, and how each may be reached."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import Connection, String, select, text, type_coerce
from sqlalchemy.orm import Mapped, Session, relationship

from intake.store.base import Base, Identified, Versioned, Within, everybody
from intake.store.directory import Directory, Entries, Entry
from intake.store.patient_keys import AT_ONCE, CARE, Keys, destroyed
from intake.store.sealing import Inside, Sealing, Spot, UnreadableError, opened_with, ring, sealed

if TYPE_CHECKING:
    from intake.store.visits import Visit


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: so many in all, and the first of them."""

    patients: list[Patient]
    total: int


class Looked(NamedTuple):
    """What a search looks through: {key: entry}, and the keys of those who cannot be read."""

    entries: Entries
    unreadable: AbstractSet[Any]


class Patient(Sealing, Base, Identified, Versioned):
    """A person in care. `contacts` is a list of {"method", "value", "safe"}."""

    __tablename__ = "patients"
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    brings_keys = True

    sealed_identity: Mapped[bytes] = sealed(CARE, "identity")
    created_at: Mapped[datetime]

    legal_name = Inside[str]("sealed_identity", str)
    name_used = Inside[str]("sealed_identity", str)
    birth_date = Inside[date]("sealed_identity", None, date.fromisoformat, date.isoformat)
    contacts = Inside[list[Any]]("sealed_identity", list)

    visits: Mapped[list[Visit]] = relationship(back_populates="patient", order_by="Visit.starts_at")

    @property
    def patient_id(self) -> uuid.UUID:
        """Whose keys the row is sealed under: its own."""
        return cast("uuid.UUID", self.id)

    @property
    def name(self) -> str:
        """The name to call them."""
        return self.name_used or self.legal_name

    @property
    def initials(self) -> str:
        """First letters of the name, for paper that may lie about."""
        return "".join(word[0] for word in self.name.split()[:3]).upper()


def get(session: Session, patient_id: uuid.UUID, within: Within = everybody) -> Patient | None:
    """The patient of that id."""
    return session.scalar(select(Patient).where(Patient.id == patient_id, within(Patient)))


def search(session: Session, words: str, most: int = 50, within: Within = everybody) -> Found:
    """Patients whose name holds every word, by name, the first `most` of them; everybody for no words.

    Whoever cannot be read comes first: they may be the one who is looked for.
    """
    wanted, (entries, unreadable) = words.casefold().split(), _directory(session, within)
    hits = [(entry.legal_name, key) for key, entry in entries.items() if all(word in entry.words for word in wanted)]
    found = [*sorted(unreadable), *(key for _name, key in sorted(hits))]
    return Found(_loaded(session, found[:most]), len(found))


def same_person(session: Session, legal_name: str, birth_date: date) -> list[Patient]:
    """Patients with that birth date and name: most often somebody who is here already."""
    name, born = legal_name.casefold(), birth_date.isoformat()
    entries = _directory(session).entries.items()
    return _loaded(session, [key for key, entry in entries if entry.legal_name == name and entry.birth_date == born])


def by_two_identifiers(session: Session, name: str, birth_date: date) -> list[Patient]:
    """Patients born that day whose name holds every word typed as a whole word; nobody for less than two letters."""
    wanted, born = {word for word in name.casefold().split() if len(word) > 1}, birth_date.isoformat()
    entries = _directory(session).entries.items() if wanted else ()
    hits = [key for key, entry in entries if entry.birth_date == born and wanted <= set(entry.words.split())]
    return _loaded(session, hits)


def _directory(session: Session, within: Within = everybody) -> Looked:
    """Everybody who was not erased; a key is an id as the driver hands it out."""
    connection = session.connection()
    gone = {_driven(connection, patient_id) for patient_id in destroyed(connection, ring(session))}
    versions = {key: version for key, version in connection.execute(VERSIONS) if key not in gone}
    directory: Directory = session.get_bind().get_execution_options()["directory"]
    entries = directory.current(versions, lambda missing: _opened(session, [_id(key) for key in missing]))
    unreadable = versions.keys() - entries.keys()
    if within is everybody:
        return Looked(entries, unreadable)
    handed = set(connection.scalars(select(type_coerce(Patient.id, String)).where(within(Patient))))  # as in _driven
    return Looked({key: entry for key, entry in entries.items() if key in handed}, unreadable & handed)


def _opened(session: Session, ids: Sequence[uuid.UUID]) -> Entries:
    held, connection = Keys(ring(session)), session.connection()
    entries = {}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        held.load(connection, some)
        for patient_id, version, value in connection.execute(IDENTITIES.where(Patient.id.in_(some))):
            spot = Spot(Patient.__tablename__, "identity", patient_id, patient_id, CARE, version)
            with suppress(UnreadableError):
                identity = json.loads(opened_with(held, session.connection, spot, value))
                entries[_driven(connection, patient_id)] = _entry(version, identity)
    return entries


def _entry(version: int, identity: Mapping[str, Any]) -> Entry:
    legal_name = identity["legal_name"].casefold()
    words = f"{legal_name} {identity.get('name_used', '').casefold()}"
    return Entry(version, words, legal_name, identity["birth_date"])


def _loaded(session: Session, keys: Sequence[Any]) -> list[Patient]:
    ids = [_id(key) for key in keys]
    rows = {patient.id: patient for patient in session.scalars(select(Patient).where(Patient.id.in_(ids)))}
    return [rows[patient_id] for patient_id in ids if patient_id in rows]


def _driven(connection: Connection, patient_id: uuid.UUID) -> Any:
    """An id as the driver hands it out: making 20,000 into UUIDs takes longer than reading them."""
    return patient_id.hex if connection.dialect.name == "sqlite" else patient_id


def _id(key: Any) -> uuid.UUID:
    return uuid.UUID(key) if isinstance(key, str) else key


VERSIONS = text("SELECT id, version FROM patients")
IDENTITIES = select(Patient.id, Patient.version, Patient.sealed_identity)
