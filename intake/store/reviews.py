"""Who looked through what a patient handed in, and when."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from intake.store.base import Base, Identified
from intake.store.binding import Bound
from intake.store.people import User
from intake.store.responses import Response


class Review(Bound, Base, Identified):
    """One mark "reviewed" on one form that is in. Nothing undoes it."""

    __tablename__ = "reviews"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"), unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime]

    user: Mapped[User] = relationship()


def of_response(session: Session, response_id: uuid.UUID) -> Review | None:
    """The mark on a form."""
    return session.scalar(select(Review).where(Review.response_id == response_id).options(joinedload(Review.user)))


def is_whole(session: Session, asked: Collection[Response]) -> bool:
    """Whether everything that was asked for a visit carries the mark; never where nothing was asked."""
    return bool(asked) and reviewed(session, [each.id for each in asked]) == {each.id for each in asked}


def reviewed(session: Session, response_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Which of some forms carry the mark."""
    if not response_ids:
        return frozenset()
    rows = session.scalars(select(Review).where(Review.response_id.in_(response_ids)))
    return frozenset(row.response_id for row in rows)
