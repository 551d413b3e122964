"""Who is signed in: one row a session, so that each can be ended from here."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from intake.store import factors, people
from intake.store.asked import as_asked
from intake.store.base import Base, Identified, Within, everybody
from intake.store.binding import Bound, amend
from intake.store.people import User
from intake.store.visits import Invitation

MOST_AT_ONCE = 3
STAFF_LONGEST = timedelta(hours=12)


class Login(Bound, Base, Identified):
    """A staff or a patient session. The cookie holds a random token, this row only its hash.

    For staff: `mfa_at` is empty until the second factor was given, `stepped_up_at` is when a factor was given last,
    `locked_at` when the screen was locked; `device` says which kind of browser it is, `end_reason` why it ended.
    A patient's row also says which page she is on, and whether others use her device.
    """

    __tablename__ = "logins"
    __table_args__ = (CheckConstraint("(user_id IS NULL) <> (invitation_id IS NULL)", name="one_owner"),)

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitations.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    mfa_at: Mapped[datetime | None]
    stepped_up_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(60), default="")
    end_reason: Mapped[str] = mapped_column(String(20), default="")
    place: Mapped[bytes | None] = mapped_column(LargeBinary)
    shared: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User | None] = relationship(lazy="joined")
    invitation: Mapped[Invitation | None] = relationship(lazy="joined")


def find(session: Session, token_hash: str) -> Login | None:
    """The session with that token, ended or not."""
    found = as_asked(session.scalar(select(Login).where(Login.token_hash == token_hash)), token_hash=token_hash)
    if found is not None:
        as_asked(found.user, id=found.user_id)
        as_asked(found.invitation, id=found.invitation_id)
    return found


def get(session: Session, login_id: uuid.UUID, within: Within = everybody) -> Login | None:
    """The session of that id, while it is open."""
    query = select(Login).where(Login.id == login_id, Login.ended_at.is_(None), within(Login))
    return as_asked(session.scalar(query), id=login_id)


def of(session: Session, user: User, now: datetime) -> list[Login]:
    """Somebody's open sessions with both factors, the one seen last first."""
    return list(
        session.scalars(
            select(Login)
            .where(
                Login.user_id == user.id,
                Login.ended_at.is_(None),
                Login.mfa_at.is_not(None),
                Login.started_at > now - STAFF_LONGEST,
            )
            .order_by(Login.seen_at.desc(), Login.id)
        )
    )


def is_in(session: Session, visit_id: uuid.UUID, since: datetime) -> bool:
    """Whether a patient has a sitting for a visit in which something was done since that moment."""
    hers = Invitation.visit_id == visit_id, Invitation.revoked_at.is_(None)
    here = select(Login.id).join(Invitation, Invitation.id == Login.invitation_id).where(*hers)
    return session.scalar(here.where(Login.ended_at.is_(None), Login.seen_at > since).limit(1)) is not None


def latest(session: Session, user: User, most: int = 10) -> list[Login]:
    """Somebody's last sign-ins with both factors, the newest first."""
    signed_in = select(Login).where(Login.user_id == user.id, Login.mfa_at.is_not(None))
    return list(session.scalars(signed_in.order_by(Login.started_at.desc(), Login.id).limit(most)))


def first_uses(session: Session, user: User) -> dict[str, datetime]:
    """{kind of device: when somebody first signed in on it}."""
    first = select(Login.device, func.min(Login.started_at)).where(Login.user_id == user.id, Login.mfa_at.is_not(None))
    return {row[0]: row[1] for row in session.execute(first.group_by(Login.device))}


def hold(session: Session, user: User, login: Login) -> bool:
    """Hold somebody (people.hold) and look at their session again: whether it still is what it was to the guard.

    Whoever ended it meanwhile held the same row, so nothing comes in between from here on. A session that waits for its
    first factor is no such one any more once somebody has set one up.
    """
    was = login.mfa_at, login.locked_at
    people.hold(session, user)
    session.refresh(user)
    session.refresh(login)
    is_open = login.ended_at is None and login.user_id == user.id and user.is_active
    waits = login.mfa_at is None and factors.has_any(session, user)
    return is_open and not waits and (login.mfa_at, login.locked_at) == was


def admit(session: Session, login: Login, user: User, token_hash: str, device: str, now: datetime) -> None:
    """Make it a session with both factors under a new token; a fourth one ends the oldest."""
    login.token_hash, login.device = token_hash, device
    login.mfa_at = login.stepped_up_at = login.started_at = login.seen_at = now
    session.add(login)
    session.flush()
    end_oldest(session, user, now)


def touch(session: Session, login: Login, now: datetime) -> None:
    """Note that it is in use, whatever else is being changed about it."""
    session.execute(update(Login).where(Login.id == login.id).values(seen_at=now))


def proved(session: Session, login: Login, now: datetime) -> None:
    """Note that a factor was given, unless the session was changed at this very moment: then that stands."""
    amend(session, login, stepped_up_at=now)


def lock(session: Session, login: Login, now: datetime) -> None:
    """Lock it. Several pages of one browser ask for it at the same moment; the first does it."""
    if login.locked_at is None:
        amend(session, login, locked_at=now)


def end(login: Login, now: datetime, reason: str) -> None:
    """End it, and say why."""
    login.ended_at, login.end_reason = now, reason


def end_all(session: Session, user: User, now: datetime, reason: str = "", but: Login | None = None) -> None:
    """End every session of somebody, except `but`."""
    open_ones = [Login.user_id == user.id, Login.ended_at.is_(None)]
    if but is not None:
        open_ones.append(Login.id != but.id)
    session.execute(update(Login).where(*open_ones).values(ended_at=now, end_reason=reason))


def end_oldest(session: Session, user: User, now: datetime, most: int = MOST_AT_ONCE) -> None:
    """End the sessions beyond the newest `most`."""
    everyone = sorted(of(session, user, now), key=lambda each: (each.started_at, str(each.id)), reverse=True)
    for login in everyone[most:]:
        login.ended_at, login.end_reason = now, "newer"
