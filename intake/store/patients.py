"""The people the clinic cares for, and how each may be reached."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ColumnElement, String, True_, select, text, true, type_coerce
from sqlalchemy.orm import Mapped, Session, relationship

from intake.security.seal import OTHER_TYPES, Place, SealError, Wrapping, unseal
from intake.store import instance
from intake.store.base import Base, Identified, Versioned, Within, everybody
from intake.store.directory import Directory, Entries, Entry
from intake.store.patient_keys import AT_ONCE, CARE, PatientKey, destroyed
from intake.store.sealing import Inside, Sealing, ring, sealed

if TYPE_CHECKING:
    from intake.store.visits import Visit


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: so many in all, and the first of them."""

    patients: list[Patient]
    total: int


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

    visits: Mapped[list[Visit]] = relationship(
        primaryjoin="and_(Patient.id == Visit.patient_id, Visit.kind != 'contact')",  # those somebody comes to
        order_by="Visit.starts_at",
        viewonly=True,
    )

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


def of_ids(session: Session, ids: Collection[uuid.UUID]) -> list[Patient]:
    """The patients with these ids, for lists about people somebody stands to."""
    return list(session.scalars(select(Patient).where(Patient.id.in_(sorted(ids))))) if ids else []


def search(session: Session, words: str, most: int = 50, within: Within = everybody) -> Found:
    """Patients whose name holds every word, by name, the first `most` of them; everybody for no words.

    Whoever cannot be read comes first: they may be the one who is looked for.
    """
    entries = _directory(session)
    for word in words.casefold().split():
        entries = [entry for entry in entries if word in entry.words or not entry.words]
    entries = _handed(session, entries, within(Patient))
    return Found(_loaded(session, entries[:most]), len(entries))


def same_person(session: Session, legal_name: str, birth_date: date) -> list[Patient]:
    """Patients with that birth date and name: most often somebody who is here already."""
    name, born = legal_name.casefold(), birth_date.isoformat()
    hits = [entry for entry in _directory(session) if entry.legal_name == name and entry.birth_date == born]
    return _loaded(session, hits)


def by_two_identifiers(session: Session, name: str, birth_date: date) -> list[Patient]:
    """Patients born that day whose name holds every word typed as a whole word; nobody for less than two letters."""
    wanted, born = {word for word in name.casefold().split() if len(word) > 1}, birth_date.isoformat()
    entries = _directory(session) if wanted else ()
    return _loaded(session, [each for each in entries if each.birth_date == born and wanted <= set(each.words.split())])


def _directory(session: Session) -> Entries:
    """The entries of everybody who was not erased, by name."""
    connection = session.connection()
    directory: Directory = session.get_bind().get_execution_options()["directory"]
    rows = frozenset((connection.scalar(REGISTERS[connection.dialect.name]) or "").split(",")) - {""}
    if gone := destroyed(connection, ring(session)):
        rows = frozenset(row for row in rows if _id(row) not in gone)
    return directory.current(rows, lambda missing: _opened(session, missing))


def _id(row: str) -> uuid.UUID:
    return uuid.UUID(row.partition(" ")[0])


def _opened(session: Session, rows: Collection[str]) -> dict[str, Entry]:
    """{"id version": entry} of some rows, straight from the database: to map 20,000 takes longer than to open them.

    The entry of a row that does not open is empty: it comes first, and no name is found in it.
    """
    connection, wrapping = session.connection(), Wrapping(ring(session))
    number, names = instance.number(connection), {_id(row): row for row in rows}
    some = Patient.id.in_(names) if len(names) <= AT_ONCE else true()
    entries = {row: Entry("", patient_id, "", "") for patient_id, row in names.items()}
    for patient_id, version, value, *key in connection.execute(IDENTITIES.where(some)):
        if patient_id in names:
            place = Place(number, Patient.__tablename__, "identity", patient_id, patient_id, CARE, version)
            with suppress(SealError, LookupError, *OTHER_TYPES):
                entries[names[patient_id]] = _entry(patient_id, _identity(wrapping, place, value, *key))
    return entries


def _identity(
    wrapping: Wrapping, place: Place, value: bytes, key_id: object, root_id: str, wrapped: bytes | None
) -> Mapping[str, Any]:
    key_id = uuid.UUID(str(key_id))  # read here, where one that is none spoils one entry and not the list
    key = wrapping.unwrap(root_id, key_id, wrapped or b"", place.patient, place.compartment)
    return cast("Mapping[str, Any]", json.loads(unseal(key, place, value)))


def _entry(patient_id: uuid.UUID, identity: Mapping[str, Any]) -> Entry:
    legal_name = identity["legal_name"].casefold()
    words = f"{legal_name} {identity.get('name_used', '').casefold()}"
    return Entry(legal_name, patient_id, words, identity["birth_date"])


def _handed(session: Session, entries: Entries, clause: ColumnElement[bool]) -> Entries:
    """Those of the entries that may be handed over."""
    if isinstance(clause, True_) or not entries:
        return entries
    handed = set(session.scalars(select(Patient.id).where(clause)))
    return [entry for entry in entries if entry.id in handed]


def _loaded(session: Session, entries: Entries) -> list[Patient]:
    ids = [entry.id for entry in entries]
    rows = {patient.id: patient for patient in session.scalars(select(Patient).where(Patient.id.in_(ids)))}
    return [rows[patient_id] for patient_id in ids if patient_id in rows]


REGISTERS = {
    "sqlite": text("SELECT group_concat(id || ' ' || version, ',') FROM patients"),
    "postgresql": text("SELECT string_agg(id || ' ' || version, ',') FROM patients"),
}
MINE = (PatientKey.patient_id == Patient.id) & (PatientKey.compartment == CARE)
IDENTITIES = (
    select(
        *(Patient.id, Patient.version, Patient.sealed_identity),
        *(type_coerce(PatientKey.id, String), PatientKey.root_id, PatientKey.wrapped),
    )
    .outerjoin(PatientKey, MINE)
    .where(PatientKey.destroyed_at.is_(None))
)
