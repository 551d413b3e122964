"""Counters shared by every process: one row a counter and window, counted up by one statement.

A library's storage was the other choice. It cannot give a charge back, count what comes in a row, or hold several
windows in one transaction, and counting is one statement anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, String, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.store.base import Base

AT_ONCE = 100  # old rows that one new row takes away


class Tally(Base):
    """How often in one window. The key is a keyed hash: neither names nor addresses are kept."""

    __tablename__ = "buckets"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, index=True)
    n: Mapped[int]


@dataclass(frozen=True, slots=True)
class Place:
    """A counter in one window: which, until when (seconds since 1970), and the most it may reach."""

    key: str
    ends_at: int
    most: int


def charge(session: Session, places: Sequence[Place], now: datetime) -> Place | None:
    """Count one more in each place; the first that is over its most, which ends the counting, or None."""
    for place in places:
        if count(session, place, now) > place.most:
            return place
    return None


def count(session: Session, place: Place, now: datetime) -> int:
    """Count one more and say how many that makes. The row stays locked until the transaction ends."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    counted = (
        insert(Tally)
        .values(key=place.key, ends_at=place.ends_at, n=1)
        .on_conflict_do_update(index_elements=[Tally.key, Tally.ends_at], set_={"n": Tally.n + 1})
        .returning(Tally.n)
    )
    n = session.execute(counted).scalar_one()
    if n == 1:
        _forget(session, now)
    return n


def refund(session: Session, places: Sequence[Place]) -> None:
    """Take one back in each place, never below none."""
    for place in places:
        mine = Tally.key == place.key, Tally.ends_at == place.ends_at, Tally.n > 0
        session.execute(update(Tally).where(*mine).values(n=Tally.n - 1))


def reset(session: Session, key: str) -> None:
    """Start a counter anew."""
    session.execute(delete(Tally).where(Tally.key == key))


def _forget(session: Session, now: datetime) -> None:
    """Delete some windows that are over. Rows another process is deleting are left to it."""
    over = select(Tally.key, Tally.ends_at).where(Tally.ends_at <= int(now.timestamp())).limit(AT_ONCE)
    gone = over.with_for_update(skip_locked=True)
    session.execute(
        delete(Tally).where(tuple_(Tally.key, Tally.ends_at).in_(gone)),
        execution_options={"synchronize_session": False},
    )
