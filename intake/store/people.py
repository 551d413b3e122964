"""The clinic, its places, and the people who sign in to it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.clinical.alerts import EMERGENCY_MINUTES, SAME_DAY_MINUTES, Times
from intake.clinical.hours import USUAL, Hours
from intake.clinical.retention import USUAL_YEARS
from intake.security.policy import NOBODY
from intake.store.asked import as_asked
from intake.store.base import Base, Identified, Versioned, Within, everybody
from intake.store.binding import Bound, amend

ONLY_CLINIC = 1
ONLY = "clinic"  # in a session's info: the clinic's row, so that one session reads it once
SENDER = "Fernleaf"  # the name mail comes from until the clinic chooses one
NEUTRAL = "https://www.weather.gov/"  # where the quick exit leads until the clinic chooses


class Clinic(Bound, Base, Versioned):
    """The one clinic this database serves: what it prints, which numbers it gives out, and whom it tells of what.

    `opening` is a week from Monday on (`kept_week`), `holidays` are [day, name], `on_call` are ids of people in order.
    """

    __tablename__ = "clinic"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    id: Mapped[int] = mapped_column(primary_key=True, default=ONLY_CLINIC)
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(400), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="America/New_York")
    paper: Mapped[str] = mapped_column(String(10), default="letter")
    emergency: Mapped[str] = mapped_column(String(40), default="911")
    crisis: Mapped[str] = mapped_column(String(40), default="988")
    maternal: Mapped[str] = mapped_column(String(40), default="1-833-852-6262")
    violence: Mapped[str] = mapped_column(String(40), default="1-800-799-7233")
    numbers_checked_on: Mapped[date]
    invitation_days: Mapped[int] = mapped_column(default=14)
    retention_years: Mapped[int] = mapped_column(default=USUAL_YEARS)
    second_code: Mapped[bool] = mapped_column(default=False)
    recall: Mapped[bool] = mapped_column(default=True)
    leave_to: Mapped[str] = mapped_column(String(400), default=NEUTRAL)
    safety_lead_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    ask_at_home: Mapped[bool] = mapped_column(default=False)
    opening: Mapped[list[Any]] = mapped_column(default=lambda _context: kept_week(USUAL))
    holidays: Mapped[list[Any]] = mapped_column(default=lambda _context: [])
    on_call: Mapped[list[Any]] = mapped_column(default=lambda _context: [])
    emergency_minutes: Mapped[int] = mapped_column(default=EMERGENCY_MINUTES)
    same_day_minutes: Mapped[int] = mapped_column(default=SAME_DAY_MINUTES)
    staff_mail: Mapped[bool] = mapped_column(default=True)
    mail_name: Mapped[str] = mapped_column(String(60), default=SENDER)

    @property
    def hours(self) -> Hours:
        """When the clinic works."""
        week = tuple(
            None if day is None else (time.fromisoformat(day[0]), time.fromisoformat(day[1])) for day in self.opening
        )
        return Hours(ZoneInfo(self.time_zone), week, frozenset(date.fromisoformat(day) for day, _name in self.holidays))

    @property
    def times(self) -> Times:
        """After how long the next person is told of a warning sign."""
        emergency, same_day = (timedelta(minutes=each) for each in (self.emergency_minutes, self.same_day_minutes))
        return Times(self.hours, emergency, same_day)


def kept_week(week: Sequence[tuple[time, time] | None]) -> list[Any]:
    """Hours of a week as they are kept: ["08:00", "17:00"] a day, or None."""
    return [day and [at.isoformat("minutes") for at in day] for day in week]


class Location(Base, Identified):
    """A place the clinic sees people."""

    __tablename__ = "locations"

    name: Mapped[str] = mapped_column(String(200), unique=True)
    address: Mapped[str] = mapped_column(String(400), default="")


class User(Bound, Base, Identified, Versioned):
    """Somebody of the clinic who signs in. Roles are a set: one person can wear several hats.

    `standing` is no column: the guard sets it for the request, and without it somebody stands to nobody.
    """

    __tablename__ = "users"
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    credentials: Mapped[str] = mapped_column(String(100), default="")
    roles: Mapped[list[str]]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    standing = NOBODY


class OneTimeLink(Bound, Base, Identified):
    """A link that works once: to create the first administrator, or to choose a password."""

    __tablename__ = "one_time_links"

    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def clinic(session: Session) -> Clinic | None:
    """The clinic, or None before it was set up. ForgedError when its row is not as we wrote it."""
    found = session.info[ONLY] = session.get(Clinic, ONLY_CLINIC)  # held: else the session lets go of it at once
    return found


def user(session: Session, user_id: uuid.UUID, within: Within = everybody) -> User | None:
    """The person of that id."""
    return as_asked(session.scalar(select(User).where(User.id == user_id, within(User))), id=user_id)


def hold(session: Session, user: User) -> None:
    """Let nobody else change how somebody signs in until this transaction ends; read what counts after it.

    PostgreSQL locks the row; SQLite's one writer holds everything already.
    """
    session.execute(select(User.id).where(User.id == user.id).with_for_update(key_share=True))


def settled_email(typed: str) -> str:
    """The address as it is kept: two spellings of one address are one person."""
    return typed.strip().lower()


def names(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """{id: name} of some people of the clinic, switched off or not."""
    return {each.id: each.name for each in session.scalars(select(User).where(User.id.in_(ids)))} if ids else {}


def user_by_email(session: Session, email: str) -> User | None:
    """The person with that address, whatever its case."""
    wanted = settled_email(email)
    return as_asked(session.scalar(select(User).where(User.email == wanted)), email=wanted)


def staff(session: Session) -> list[User]:
    """Everybody, by name."""
    return list(session.scalars(select(User).order_by(User.name)))


def admins(session: Session) -> list[User]:
    """Active administrators, by name."""
    return [user for user in staff(session) if user.is_active and "admin" in user.roles]


def therapists(session: Session) -> list[User]:
    """Active therapists, by name."""
    return [user for user in staff(session) if user.is_active and "therapist" in user.roles]


def locations(session: Session) -> list[Location]:
    """The clinic's places, by name."""
    return list(session.scalars(select(Location).order_by(Location.name)))


def link(session: Session, token_hash: str, purpose: str, now: datetime) -> OneTimeLink | None:
    """The unused, unexpired link with that hash."""
    query = select(OneTimeLink).where(
        OneTimeLink.token_hash == token_hash,
        OneTimeLink.purpose == purpose,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now,
    )
    return as_asked(session.scalar(query), token_hash=token_hash, purpose=purpose)


def spend_links(session: Session, user: User, now: datetime) -> None:
    """Mark every open link of somebody as used: an older one must not open the account again."""
    unused = OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None)
    session.execute(update(OneTimeLink).where(*unused).values(used_at=now))


def rehash(session: Session, user: User, encoded: str) -> None:
    """Keep the same password at a new cost, unless the row was changed meanwhile."""
    amend(session, user, password_hash=encoded, version=User.version + 1)


def is_empty(session: Session) -> bool:
    """Whether nobody can sign in yet."""
    return session.scalar(select(User.id).limit(1)) is None
