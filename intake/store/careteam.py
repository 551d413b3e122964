"""The care team: who looks after whom, from when until when. It fills itself from visits."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    and_,
    bindparam,
    exists,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, aliased, joinedload, mapped_column, relationship

from intake.store.asked import as_asked
from intake.store.base import Base, Identified, Within, everybody
from intake.store.binding import Bound, check
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.sessions import Login
from intake.store.visits import CONTACT, Visit, is_appointment

LINGERS = timedelta(days=90)  # after the last visit, or after joining when there was none
BY_VISIT, BY_HAND = "visit", "assigned"


class Membership(Bound, Base, Identified):
    """Somebody on a patient's team as a therapist or an assistant. `reason` says what put them there."""

    __tablename__ = "care_team"
    __table_args__ = (
        Index(
            "uq_care_team_open", "patient_id", "user_id", "role", unique=True,
            sqlite_where=text("until IS NULL"), postgresql_where=text("until IS NULL"),
        ),
    )  # fmt: skip

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(20))

    patient: Mapped[Patient] = relationship()
    user: Mapped[User] = relationship()


OTHER = aliased(Visit)
LAST_VISIT = (
    select(OTHER.id)
    .where(OTHER.patient_id == Membership.patient_id, OTHER.cancelled_at.is_(None), OTHER.kind != CONTACT)
    .order_by(OTHER.starts_at.desc())
    .limit(1)
    .scalar_subquery()
)
MEMBER, VISIT = Membership.__table__.c.keys(), Visit.__table__.c.keys()
WITH_LAST_VISIT = (
    select(Membership.__table__, Visit.__table__).select_from(Membership).outerjoin(Visit, Visit.id == LAST_VISIT)
)


def live(now: datetime) -> ColumnElement[bool]:
    """What holds of a membership that counts now: begun, not ended, and the patient's last visit not long ago.

    A date rule, no job: 90 days after the last visit nobody is on the team any more, whoever forgot to say so. A call
    or a message is no visit here: else one note after the other would keep somebody on it for good.
    """
    in_care = exists().where(
        *(Visit.patient_id == Membership.patient_id, Visit.cancelled_at.is_(None), is_appointment()),
        Visit.starts_at > now - LINGERS,
    )
    return and_(_begun(now), or_(in_care, Membership.since > now - LINGERS))


def _begun(now: Any) -> ColumnElement[bool]:
    """Begun and not ended."""
    return and_(Membership.since <= now, or_(Membership.until.is_(None), Membership.until > now))


# Put together once, since every request of the clinic's people asks it.
TEAMS = WITH_LAST_VISIT.where(
    Membership.user_id == bindparam("user"),
    _begun(bindparam("now")),
    or_(Visit.starts_at > bindparam("recent"), Membership.since > bindparam("recent")),
)


def teams_of(session: Session, user_id: uuid.UUID, now: datetime) -> dict[str, frozenset[uuid.UUID]]:
    """{role: the patients whose team somebody is on in it now}. ForgedError when a row that says so does not hold.

    The rows are read and checked, never asked in SQL alone: a visit too where it is what keeps a membership alive.
    """
    teams: dict[str, set[uuid.UUID]] = {}
    for row in session.execute(TEAMS, {"user": user_id, "now": now, "recent": now - LINGERS}):
        member = dict(zip(MEMBER, row, strict=False))
        check(session, Membership, member)
        as_asked(member, user_id=user_id)
        if member["since"] <= now - LINGERS:
            visit = dict(zip(VISIT, row[len(MEMBER) :], strict=True))
            check(session, Visit, visit)
            as_asked(visit, patient_id=member["patient_id"])
        teams.setdefault(member["role"], set()).add(member["patient_id"])
    return {role: frozenset(patients) for role, patients in teams.items()}


def get(session: Session, membership_id: uuid.UUID, within: Within = everybody) -> Membership | None:
    """The membership of that id with its person."""
    query = select(Membership).where(Membership.id == membership_id, within(Membership))
    return as_asked(session.scalar(query.options(joinedload(Membership.user))), id=membership_id)


def members(session: Session, patient_id: uuid.UUID, now: datetime) -> list[Membership]:
    """Who is on a patient's team now, longest first."""
    query = select(Membership).where(Membership.patient_id == patient_id, live(now))
    return list(session.scalars(query.options(joinedload(Membership.user)).order_by(Membership.since, Membership.id)))


def join(
    session: Session, patient_id: uuid.UUID, user_id: uuid.UUID, role: str, *, reason: str, now: datetime
) -> Membership | None:
    """Put somebody on the team; None when they are on it already.

    A membership that lapsed with the years is closed first: the next one starts today, and what lies between stays
    without a team.
    """
    ours = Membership.patient_id == patient_id, Membership.user_id == user_id, Membership.role == role
    if session.scalar(select(Membership.id).where(*ours, live(now))):
        return None
    _close_lapsed(session, patient_id, now)
    made = Membership(patient_id=patient_id, user_id=user_id, role=role, since=now, reason=reason)
    session.add(made)
    session.flush()
    return made


def _close_lapsed(session: Session, patient_id: uuid.UUID, now: datetime) -> None:
    """Put an end date on everybody whose time is over, before a new visit makes the patient one in care again."""
    lapsed = Membership.patient_id == patient_id, Membership.until.is_(None), ~live(now)
    for membership in session.scalars(select(Membership).where(*lapsed)):
        membership.until = now


def visit_added(session: Session, visit: Visit, by: User, now: datetime) -> bool:
    """Put the therapist of a visit on the team. Called before the visit is kept: it must not revive old teams.

    A visit that somebody plans with themselves opens no chart to them, as nobody puts themselves on a team: unless the
    patient is new, so that there is nothing of anybody else's in the chart, or nobody else ever worked here. Says
    whether that last was what let them in.
    """
    _close_lapsed(session, visit.patient_id, now)
    by_others = by.id != visit.therapist_id or _is_new(session, visit.patient_id)
    if not by_others and not _is_alone(session, by):
        return False
    made = join(session, visit.patient_id, visit.therapist_id, "therapist", reason=BY_VISIT, now=now)
    return made is not None and not by_others


def _is_new(session: Session, patient_id: uuid.UUID) -> bool:
    """Whether nobody was ever on the patient's team."""
    return session.scalar(select(Membership.id).where(Membership.patient_id == patient_id).limit(1)) is None


def _is_alone(session: Session, user: User) -> bool:
    """Whether nobody else ever could sign in. Whoever is switched off counts: they may be switched on again."""
    came_in = exists().where(Login.user_id == User.id, Login.mfa_at.is_not(None))
    others = User.id != user.id, or_(User.password_hash.is_not(None), came_in)
    return session.scalar(select(User.id).where(*others).limit(1)) is None


def visit_cancelled(session: Session, visit: Visit, now: datetime) -> None:
    """Take the therapist off the team when no other visit is left and nobody put them there by hand."""
    others = (
        *(Visit.patient_id == visit.patient_id, Visit.therapist_id == visit.therapist_id),
        *(Visit.cancelled_at.is_(None), Visit.id != visit.id, is_appointment()),
    )
    if session.scalar(select(Visit.id).where(*others).limit(1)):
        return
    ours = Membership.patient_id == visit.patient_id, Membership.user_id == visit.therapist_id
    for membership in session.scalars(select(Membership).where(*ours, Membership.reason == BY_VISIT, live(now))):
        membership.until = now
