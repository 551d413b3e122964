"""Phrases of one's own and of the clinic: short words that stand for longer texts. None is about a patient."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.store.base import Base, Identified, Versioned
from intake.store.binding import Bound
from intake.store.people import User

LONGEST_WORD = 32


class Phrase(Bound, Base, Identified, Versioned):
    """One phrase. Without a user it is the clinic's, and everybody who writes notes has it."""

    __tablename__ = "phrases"
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012 - SQLAlchemy reads it from the class
    __table_args__ = (
        UniqueConstraint("user_id", "word"),
        Index(
            "uq_phrases_clinic",
            "word",
            unique=True,
            sqlite_where=text("user_id IS NULL"),
            postgresql_where=text("user_id IS NULL"),
        ),
    )

    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    word: Mapped[str] = mapped_column(String(LONGEST_WORD))
    stands_for: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]


def of(session: Session, owner: User | None) -> list[Phrase]:
    """The phrases of one person, or those of the clinic, by their words."""
    query = select(Phrase).where(Phrase.user_id == owner.id if owner else Phrase.user_id.is_(None))
    return list(session.scalars(query.order_by(Phrase.word)))


def named(session: Session, owner: User | None, word: str) -> Phrase | None:
    """The phrase of that word, of one person or of the clinic."""
    query = select(Phrase).where(Phrase.word == word)
    return session.scalar(query.where(Phrase.user_id == owner.id if owner else Phrase.user_id.is_(None)))


def known_to(session: Session, user: User) -> dict[str, str]:
    """{word: text} of what somebody can write: the clinic's phrases, and their own in place of those."""
    query = select(Phrase).where(or_(Phrase.user_id.is_(None), Phrase.user_id == user.id))
    rows = sorted(session.scalars(query), key=lambda row: row.user_id is not None)
    return {row.word: row.stands_for for row in rows}
