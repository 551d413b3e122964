"""Who is signed in: one row a session, so that each can be ended from here."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from intake.store.base import Base, Identified
from intake.store.people import User
from intake.store.visits import Invitation


class Login(Base, Identified):
    """A staff or a patient session. The cookie holds a random token, this row only its hash.

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
    place: Mapped[str] = mapped_column(String(100), default="tasks")
    shared: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User | None] = relationship(lazy="joined")
    invitation: Mapped[Invitation | None] = relationship(lazy="joined")


def find(session: Session, token_hash: str) -> Login | None:
    """The session with that token, ended or not."""
    return session.scalar(select(Login).where(Login.token_hash == token_hash))


def end_all(session: Session, user: User, now: datetime) -> None:
    """End every session of somebody."""
    session.execute(update(Login).where(Login.user_id == user.id, Login.ended_at.is_(None)).values(ended_at=now))
