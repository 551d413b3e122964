"""The people the clinic cares for, and how each may be reached."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from intake.store.base import Base, Identified, Versioned, Within, everybody

if TYPE_CHECKING:
    from intake.store.visits import Visit


class Patient(Base, Identified, Versioned):
    """A person in care. `contacts` is a list of {"method", "value", "safe"}."""

    __tablename__ = "patients"
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    legal_name: Mapped[str] = mapped_column(String(200))
    name_used: Mapped[str] = mapped_column(String(200), default="")
    birth_date: Mapped[date]
    contacts: Mapped[list[Any]]
    created_at: Mapped[datetime]

    visits: Mapped[list[Visit]] = relationship(back_populates="patient", order_by="Visit.starts_at")

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


def search(session: Session, words: str, within: Within = everybody) -> list[Patient]:
    """Patients whose name holds every word, by name; everybody for no words."""
    found = session.scalars(select(Patient).where(within(Patient)).order_by(Patient.legal_name, Patient.id))
    wanted = words.casefold().split()
    return [
        patient
        for patient in found
        if all(word in f"{patient.legal_name} {patient.name_used}".casefold() for word in wanted)
    ]


def same_person(session: Session, legal_name: str, birth_date: date) -> list[Patient]:
    """Patients with that birth date and name: most often somebody who is here already."""
    rows = session.scalars(select(Patient).where(Patient.birth_date == birth_date))
    return [patient for patient in rows if patient.legal_name.casefold() == legal_name.casefold()]


def by_two_identifiers(session: Session, name: str, birth_date: date) -> list[Patient]:
    """Patients born that day whose name holds every word typed as a whole word; nobody for less than two letters."""
    wanted = {word for word in name.casefold().split() if len(word) > 1}
    return [
        patient
        for patient in search(session, name)
        if wanted
        and patient.birth_date == birth_date
        and wanted <= set(f"{patient.legal_name} {patient.name_used}".casefold().split())
    ]
