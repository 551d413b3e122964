"""Pages that were sent while the session was locked or a factor was due: kept in a box until they can go on."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, LargeBinary, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.store.asked import as_asked
from intake.store.base import Base, Identified, Within, everybody
from intake.store.binding import Bound
from intake.store.people import User

KEPT_FOR, MOST = timedelta(hours=12), 20


class KeptPage(Bound, Base, Identified):
    """What somebody sent, and where to; the box holds both."""

    __tablename__ = "kept_pages"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]


def get(session: Session, page_id: uuid.UUID, within: Within = everybody) -> KeptPage | None:
    """The page of that id."""
    return as_asked(session.scalar(select(KeptPage).where(KeptPage.id == page_id, within(KeptPage))), id=page_id)


def of(session: Session, user: User, now: datetime) -> list[uuid.UUID]:
    """The ids of what is kept for somebody, the newest first."""
    mine = select(KeptPage.id).where(KeptPage.user_id == user.id, KeptPage.kept_at >= now - KEPT_FOR)
    return list(session.scalars(mine.order_by(KeptPage.kept_at.desc())))


def keep(session: Session, page: KeptPage) -> None:
    """Keep a page; those of yesterday go, and beyond twenty of one person the oldest."""
    session.execute(delete(KeptPage).where(KeptPage.kept_at < page.kept_at - KEPT_FOR))
    mine = select(KeptPage.id).where(KeptPage.user_id == page.user_id).order_by(KeptPage.kept_at.desc())
    too_many = session.scalars(mine.offset(MOST - 1)).all()
    session.execute(delete(KeptPage).where(KeptPage.id.in_(too_many)))
    session.add(page)


def forget(session: Session, user: User, page_id: uuid.UUID) -> None:
    """Drop one page of somebody's."""
    session.execute(delete(KeptPage).where(KeptPage.id == page_id, KeptPage.user_id == user.id))


def forget_all(session: Session, user: User) -> None:
    """Drop every page of somebody's."""
    session.execute(delete(KeptPage).where(KeptPage.user_id == user.id))
