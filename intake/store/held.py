"""Pages that came in after their sitting was over. They wait, sealed, until their patient is back; not for long."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.store.base import Base, Identified
from intake.store.sessions import Login
from intake.store.visits import Invitation


class HeldPage(Base, Identified):
    """What a page sent. The key is in the browser it came from: this database alone cannot read it.

    `mark` stands for the page, which is named inside only: what a message was about is nobody's business.
    """

    __tablename__ = "held_pages"
    __table_args__ = (UniqueConstraint("login_id", "mark"),)

    login_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("logins.id"))
    mark: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime]
    kept_until: Mapped[datetime]


def keep(session: Session, page: HeldPage) -> None:
    """Keep a page in the place of what the same page sent before."""
    session.execute(delete(HeldPage).where(HeldPage.login_id == page.login_id, HeldPage.mark == page.mark))
    session.add(page)


def of_login(session: Session, login: Login, now: datetime) -> list[HeldPage]:
    """What a sitting that is over still holds, in the order it was sent."""
    query = select(HeldPage).where(HeldPage.login_id == login.id, HeldPage.kept_until > now)
    return list(session.scalars(query.order_by(HeldPage.sent_at)))


def waits(session: Session, visit_id: uuid.UUID, now: datetime) -> bool:
    """Whether a page of a form of that visit waits for its patient, who can come in again with the link she had."""
    hers = select(HeldPage.id).join(Login, Login.id == HeldPage.login_id).join(Invitation).limit(1)
    query = hers.where(Invitation.visit_id == visit_id, Invitation.revoked_at.is_(None), HeldPage.kept_until > now)
    return session.scalar(query) is not None


def drop(session: Session, login: Login) -> None:
    """Forget what a sitting holds."""
    session.execute(delete(HeldPage).where(HeldPage.login_id == login.id))


def drop_old(session: Session, now: datetime) -> None:
    """Forget what was held long enough."""
    session.execute(delete(HeldPage).where(HeldPage.kept_until <= now))
