"""Visits, and the invitations that let a patient prepare for one."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship, selectinload
from sqlalchemy.sql.base import ExecutableOption

from intake.store.asked import as_asked
from intake.store.base import Base, Identified, Versioned, Within, everybody
from intake.store.binding import Bound
from intake.store.patients import Patient
from intake.store.people import Location, User
from intake.store.sealing import fetch_keys

NOTHING = uuid.UUID(int=0)  # the key of no row
CONTACT = "contact"  # the kind of what is no appointment: a call or a message that a note is about (decision 0010)


class Visit(Bound, Base, Identified, Versioned):
    """When a patient sees whom, and where."""

    __tablename__ = "visits"
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    therapist_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    location_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("locations.id"))
    kind: Mapped[str] = mapped_column(String(30))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    cancelled_at: Mapped[datetime | None]

    patient: Mapped[Patient] = relationship()
    therapist: Mapped[User] = relationship()
    location: Mapped[Location] = relationship()
    invitations: Mapped[list[Invitation]] = relationship(back_populates="visit", order_by="Invitation.sent_at")


class Invitation(Bound, Base, Identified):
    """One message with one access code. Several may be out for a visit; each works until it expires."""

    __tablename__ = "invitations"

    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    sent_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    second_hash: Mapped[str | None] = mapped_column(String(64))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    wrong_tries: Mapped[int] = mapped_column(default=0)
    frozen_until: Mapped[datetime | None]

    visit: Mapped[Visit] = relationship(back_populates="invitations", lazy="joined")
    sent_by: Mapped[User] = relationship()

    @property
    def patient(self) -> Patient:
        """Who it is for."""
        return self.visit.patient


def is_appointment() -> ColumnElement[bool]:
    """What holds of a visit somebody comes to."""
    return Visit.kind != CONTACT


def get(session: Session, visit_id: uuid.UUID, within: Within = everybody) -> Visit | None:
    """The visit with its patient, people and invitations; a contact is none."""
    found = Visit.id == visit_id, is_appointment(), within(Visit)
    return session.scalar(select(Visit).where(*found).options(*_whole()))


def invitation(session: Session, invitation_id: uuid.UUID, within: Within = everybody) -> Invitation | None:
    """The invitation of that id."""
    query = select(Invitation).where(Invitation.id == invitation_id, within(Invitation))
    return as_asked(session.scalar(query), id=invitation_id)


def between(
    session: Session, start: datetime, end: datetime, therapist: User | None = None, within: Within = everybody
) -> list[Visit]:
    """Visits that start in [start, end), in order; of one therapist when given."""
    days = Visit.starts_at >= start, Visit.starts_at < end, Visit.cancelled_at.is_(None), is_appointment()
    query = select(Visit).where(*days, within(Visit))
    if therapist is not None:
        query = query.where(Visit.therapist_id == therapist.id)
    return list(session.scalars(query.order_by(Visit.starts_at).options(*_whole())))


def contact(session: Session, patient_id: uuid.UUID, user_id: uuid.UUID, at: datetime) -> Visit | None:
    """The contact somebody noted for that very moment."""
    same = Visit.patient_id == patient_id, Visit.therapist_id == user_id, Visit.starts_at == at, Visit.kind == CONTACT
    return session.scalar(select(Visit).where(*same).limit(1))


def last_place(session: Session, patient_id: uuid.UUID) -> uuid.UUID | None:
    """Where the patient was seen last, else any place of the clinic: a contact is told from there."""
    mine = select(Visit.location_id).where(Visit.patient_id == patient_id, is_appointment())
    there = session.scalar(mine.order_by(Visit.starts_at.desc()).limit(1))
    return there or session.scalar(select(Location.id).order_by(Location.name).limit(1))


def by_code(session: Session, code_hash: str) -> Invitation | None:
    """The invitation whose access code has that hash."""
    return as_asked(session.scalar(select(Invitation).where(Invitation.code_hash == code_hash)), code_hash=code_hash)


def claimed(session: Session, code_hash: str) -> Invitation | None:
    """The invitation of that code as it is now, its visit held until the transaction ends.

    So tries are counted exactly, and two links opened together lead to one form. An unknown code asks the same of the
    database as a known one: how long it takes says nothing.
    """
    visit_id = session.scalar(select(Invitation.visit_id).where(Invitation.code_hash == code_hash))
    session.execute(select(Visit.id).where(Visit.id == (visit_id or NOTHING)).with_for_update())
    query = select(Invitation).where(Invitation.code_hash == code_hash)
    query = query.options(joinedload(Invitation.visit).joinedload(Visit.patient))
    found = as_asked(session.scalar(query.execution_options(populate_existing=True)), code_hash=code_hash)
    fetch_keys(session, found.visit.patient_id if found is not None else NOTHING)
    return found


def any_with_second(session: Session, now: datetime) -> bool:
    """Whether an invitation that works still asks for a second code."""
    open_ones = Invitation.revoked_at.is_(None), Invitation.expires_at > now, Invitation.second_hash.is_not(None)
    return session.scalar(select(Invitation.id).where(*open_ones).limit(1)) is not None


def count_try(
    session: Session,
    invitation: Invitation | None,
    *,
    tries: int,
    frozen_until: datetime | None,
    revoked_at: datetime | None,
) -> None:
    """Keep how many wrong tries there were and what follows. Without an invitation the work is the same."""
    key = invitation.id if invitation is not None else NOTHING
    values = {"wrong_tries": tries, "frozen_until": frozen_until, "revoked_at": revoked_at}
    session.execute(update(Invitation).where(Invitation.id == key).values(**values))


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Visit.patient).selectinload(Patient.visits),
        joinedload(Visit.therapist),
        joinedload(Visit.location),
        selectinload(Visit.invitations),
    )
