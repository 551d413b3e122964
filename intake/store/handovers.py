"""Sittings in which a patient answers the safety form alone: on a device that was handed to her, or at home.

A row says that the form was opened, when, and by whom or with which link, and nothing of what was answered. Who may
read the answers is told once for every row that there is something to read, whatever was answered.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    exists,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from intake.forms.disclosure import ALONE
from intake.store.base import Base, Identified, Within, everybody
from intake.store.binding import Bound
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.responses import Response
from intake.store.visits import Visit

IDLE, LONGEST = timedelta(minutes=8), timedelta(minutes=20)
LATE: Final = timedelta(minutes=10)  # a page that lay open is still taken so long after it all was over
FIRST_PAGE: Final = 1
GIVEN_BACK: Final = "given-back"


class Handover(Bound, Base, Identified):
    """One sitting: one visit, one form. The cookie holds a token, this its hash.

    Either somebody handed a device over, or she opened it at home with an invitation: that once for a visit.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        CheckConstraint("(handed_by_id IS NULL) <> (invitation_id IS NULL)", name="one_origin"),
        Index(
            "uq_handovers_at_home",
            "visit_id",
            unique=True,
            sqlite_where=text("invitation_id IS NOT NULL"),
            postgresql_where=text("invitation_id IS NOT NULL"),
        ),
    )

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"), unique=True)
    handed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitations.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(20), default="")
    page: Mapped[int] = mapped_column(default=FIRST_PAGE)

    patient: Mapped[Patient] = relationship()
    visit: Mapped[Visit] = relationship()
    response: Mapped[Response] = relationship()
    handed_by: Mapped[User | None] = relationship()

    @property
    def at_home(self) -> bool:
        """Whether she opened it in her own sitting: a fact about the place, whatever was answered."""
        return self.invitation_id is not None

    @property
    def was_given_back(self) -> bool:
        """Whether she said herself that she was done. Where it ended otherwise, it can be offered again."""
        return self.end_reason == GIVEN_BACK


class Reading(Bound, Base, Identified):
    """Somebody who may read the answers has opened them, once the device was back."""

    __tablename__ = "safety_readings"
    __table_args__ = (UniqueConstraint("handover_id", "user_id"),)

    handover_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("handovers.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    read_at: Mapped[datetime]

    handover: Mapped[Handover] = relationship()


def is_open(handover: Handover, now: datetime) -> bool:
    """Whether it still opens the form: not ended, not idle, not too long, and the visit not called off."""
    lasts = now - handover.seen_at < IDLE and now - handover.started_at < LONGEST
    return handover.ended_at is None and lasts and handover.visit.cancelled_at is None


def takes(handover: Handover, now: datetime) -> bool:
    """Whether a page of it is still kept: as long as it opens and a while longer, but not when it was ended.

    What somebody found the words for is not thrown away because it took long.
    """
    may_come = handover.ended_at is None and now - handover.started_at < LONGEST + LATE
    return may_come and handover.visit.cancelled_at is None


def is_spent(found: Iterable[Handover], now: datetime) -> bool:
    """Whether it is not to be asked at home any more, with these of a visit: it was, or a device did it or is out."""
    return any(each.at_home or each.was_given_back or is_open(each, now) for each in found)


def hold(session: Session, visit: Visit) -> None:
    """Hold a visit until the transaction ends, so that two devices do not ask at home at once.

    PostgreSQL locks the row; SQLite's one writer holds everything already.
    """
    session.execute(select(Visit.id).where(Visit.id == visit.id).with_for_update())


def get(session: Session, handover_id: uuid.UUID, within: Within = everybody) -> Handover | None:
    """The handover of that id."""
    return session.scalar(select(Handover).where(Handover.id == handover_id, within(Handover)))


def find(session: Session, token_hash: str) -> Handover | None:
    """The handover with that token, over or not."""
    query = select(Handover).where(Handover.token_hash == token_hash)
    return session.scalar(query.options(joinedload(Handover.visit)))


def response(session: Session, response_id: uuid.UUID) -> Response | None:
    """The form that a handover opened."""
    return session.scalar(select(Response).where(Response.id == response_id, Response.form == ALONE))


def of_visit(session: Session, visit_id: uuid.UUID) -> list[Handover]:
    """Those of a visit, the newest first."""
    return _newest(session, Handover.visit_id == visit_id)


def of_patient(session: Session, patient_id: uuid.UUID) -> list[Handover]:
    """Those of a patient, the newest first."""
    return _newest(session, Handover.patient_id == patient_id)


def unread(session: Session, patient_id: uuid.UUID, user: User) -> list[Handover]:
    """Those of a patient that somebody has not read, the newest first."""
    return _newest(session, Handover.patient_id == patient_id, _unread_by(user))


def waiting_for(session: Session, user: User, within: Within = everybody) -> list[Handover]:
    """What somebody who sees the patient, or handed the device over, has not read yet; the oldest first."""
    hers = or_(Visit.therapist_id == user.id, Handover.handed_by_id == user.id)
    query = select(Handover).join(Visit, Visit.id == Handover.visit_id)
    query = query.where(hers, _unread_by(user), within(Handover)).order_by(Handover.started_at)
    return list(session.scalars(query.options(joinedload(Handover.patient), joinedload(Handover.visit))))


def note_read(session: Session, found: Iterable[Handover], user: User, now: datetime) -> None:
    """Note that somebody has read them. While the device is still out there may be more to come: that is not noted."""
    over = [each for each in found if not is_open(each, now)]
    session.add_all(Reading(handover_id=each.id, user_id=user.id, read_at=now) for each in over)


def _unread_by(user: User) -> ColumnElement[bool]:
    return ~exists().where(and_(Reading.handover_id == Handover.id, Reading.user_id == user.id))


def _newest(session: Session, *which: ColumnElement[bool]) -> list[Handover]:
    query = select(Handover).where(*which).order_by(Handover.started_at.desc(), Handover.id)
    return list(session.scalars(query.options(joinedload(Handover.visit), joinedload(Handover.handed_by))))
