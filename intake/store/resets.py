"""Lost factors: who asked for a reset, who approved it, and the owner's key that can stand in for the second person."""

from __future__ import annotations

import hmac
import uuid
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from intake.store.asked import as_asked
from intake.store.base import Base, Identified, Within, everybody
from intake.store.binding import Bound, amend
from intake.store.people import Clinic, User

WAITS, SHOWN_FOR = timedelta(days=3), timedelta(days=30)


class Reset(Bound, Base, Identified):
    """A wish to let somebody start afresh. `approved_by` stays empty when the owner's key approved it."""

    __tablename__ = "resets"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    asked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=user_id, lazy="joined")
    asked_by: Mapped[User | None] = relationship(foreign_keys=asked_by_id, lazy="joined")
    approved_by: Mapped[User | None] = relationship(foreign_keys=approved_by_id, lazy="joined")


class OwnerKey(Base, Identified):
    """The hash of the code the owner keeps on paper. `kept_at` is when somebody said that it is written down."""

    __tablename__ = "owner_keys"

    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]


def get(session: Session, reset_id: uuid.UUID, within: Within = everybody) -> Reset | None:
    """The reset of that id."""
    return as_asked(session.scalar(select(Reset).where(Reset.id == reset_id, within(Reset))), id=reset_id)


def waiting(session: Session, now: datetime) -> list[Reset]:
    """Resets that wait for a second person, the oldest first."""
    open_ones = Reset.approved_at.is_(None), Reset.dropped_at.is_(None), Reset.asked_at > now - WAITS
    return list(session.scalars(select(Reset).where(*open_ones).order_by(Reset.asked_at)))


def waiting_for(session: Session, user: User, now: datetime) -> Reset | None:
    """The reset of somebody that waits."""
    return next((reset for reset in waiting(session, now) if reset.user_id == user.id), None)


def recent(session: Session, now: datetime) -> list[Reset]:
    """Resets approved in the last thirty days, the newest first: administrators are to know."""
    done = select(Reset).where(Reset.approved_at > now - SHOWN_FOR).order_by(Reset.approved_at.desc())
    return list(session.scalars(done))


def approve(session: Session, reset: Reset, by: User | None, now: datetime) -> bool:
    """Mark it approved, unless it was approved or dropped meanwhile."""
    still = Reset.approved_at.is_(None), Reset.dropped_at.is_(None)
    return amend(session, reset, *still, approved_at=now, approved_by_id=by.id if by else None)


def retire_owner_keys(session: Session, now: datetime, but: OwnerKey | None = None) -> None:
    """No key made so far works any more, except `but`."""
    others = [OwnerKey.used_at.is_(None), *([OwnerKey.id != but.id] if but is not None else [])]
    session.execute(update(OwnerKey).where(*others).values(used_at=now))


def in_force(session: Session) -> list[OwnerKey]:
    """The keys that work, held until the transaction ends: whoever changes them comes one after the other.

    The clinic's row is held before they are read: there may be none yet, or another by the time they are held.
    """
    session.execute(select(Clinic.id).with_for_update())
    working = select(OwnerKey).where(OwnerKey.used_at.is_(None)).order_by(OwnerKey.made_at).with_for_update()
    return list(session.scalars(working.execution_options(populate_existing=True)))


def owner_key(session: Session, code_hash: str) -> OwnerKey | None:
    """The key of that hash while it is in force, held until the transaction ends with all that are."""
    working = in_force(session)
    return next((key for key in working if hmac.compare_digest(key.code_hash.encode(), code_hash.encode())), None)


def offered_owner_key(session: Session) -> OwnerKey | None:
    """The key in force of which nobody has said yet that it is written down."""
    offered = OwnerKey.used_at.is_(None), OwnerKey.kept_at.is_(None)
    return session.scalar(select(OwnerKey).where(*offered).order_by(OwnerKey.made_at.desc()).limit(1))


def has_kept_owner_key(session: Session) -> bool:
    """Whether a key is in force of which somebody said that it is written down."""
    kept = OwnerKey.used_at.is_(None), OwnerKey.kept_at.is_not(None)
    return session.scalar(select(OwnerKey.id).where(*kept).limit(1)) is not None


def has_owner_key(session: Session) -> bool:
    """Whether a key is in force."""
    return session.scalar(select(OwnerKey.id).where(OwnerKey.used_at.is_(None)).limit(1)) is not None
