"""The tables of the audit trail: its lines, and the head that says where it ends. How a line becomes text."""

from __future__ import annotations

import typing
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from intake.security import chain
from intake.security.chain import BrokenError, Entry, Keys, Link
from intake.store.base import Base

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite keeps only an INTEGER key in order of itself
HASH_BYTES = 32
ONLY_HEAD = 1
MOMENT = "%Y-%m-%d %H:%M:%S.%f"
MOMENT_IN_SQL = "YYYY-MM-DD HH24:MI:SS.US"  # the same, for PostgreSQL
LOWEST = -(2**63)  # a line that somebody put before the first one is read as well


class AuditEvent(Base):
    """One line. The table only grows."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    role: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[uuid.UUID | None]
    patient_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    categories: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(40))
    login_id: Mapped[uuid.UUID | None]
    network: Mapped[str | None] = mapped_column(String(32))
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    mac: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    mac_key: Mapped[str] = mapped_column(String(8))


class AuditHead(Base):
    """The number, hash and moment of the newest line. Whoever adds one holds this row until the act is kept."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=ONLY_HEAD)
    seq: Mapped[int] = mapped_column(Number)
    hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    at: Mapped[datetime]


LINES, HEAD = typing.cast("sa.Table", AuditEvent.__table__), typing.cast("sa.Table", AuditHead.__table__)
ONE = select(sa.literal(1).label("one")).subquery()
PIECE = 5000  # lines read at a time
TIES = frozenset({"seq", "prev_hash", "hash", "mac", "mac_key"})
FIELDS = tuple(column.name for column in LINES.c if column.name not in TIES)
LONGEST = {column.name: column.type.length for column in LINES.c if isinstance(column.type, String)}


def text_of(values: Mapping[str, Any]) -> bytes:
    """The text of a line that is about to be written."""
    return chain.canonical([_plain(values[name]) for name in FIELDS])


def _plain(value: Any) -> str | None:
    match value:
        case datetime():
            return value.astimezone(UTC).strftime(MOMENT)
        case uuid.UUID():
            return value.hex
        case None | str():
            return value
    message = f"{type(value).__name__} cannot stand in a line"
    raise TypeError(message)


def _stored_text(dialect: str) -> str:
    """SQL for the text of a line that is kept: the database puts it together in a third of the time it takes here.

    It must not be the same for two different rows, whatever somebody wrote into them. JSON keeps a NUL apart, which
    SQLite's printf would end at, and refuses what is no text.
    """
    if dialect == "sqlite":
        return f"CAST(json_array({', '.join(FIELDS)}) AS BLOB)"
    values = ", ".join(_as_text(LINES.c[name]) for name in FIELDS)
    return f"convert_to(to_json(ARRAY[{values}])::text, 'UTF8')"


def _as_text(column: sa.Column[Any]) -> str:
    """A column of PostgreSQL as SQLite keeps it. A moment before Christ would look like one after: it has no text."""
    if column.name == "at":
        return f"CASE WHEN at >= '0001-01-01' THEN to_char(at AT TIME ZONE 'UTC', '{MOMENT_IN_SQL}') END"
    return f"encode(uuid_send({column.name}), 'hex')" if isinstance(column.type, sa.Uuid) else column.name


def end(connection: sa.Connection) -> tuple[Link, int]:
    """The head, and the number of the last line that is there; both from one look, so that they can be compared."""
    newest = select(func.coalesce(func.max(LINES.c.seq), 0)).scalar_subquery()
    query = select(newest, HEAD.c.seq, HEAD.c.hash).select_from(ONE.outerjoin(HEAD, sa.true()))
    last, seq, found = connection.execute(query).one()
    return Link(seq or 0, bytes(found or chain.NOTHING)), last


def pieces(connection: sa.Connection, first: int, last: int) -> Iterator[Sequence[Entry]]:
    """The lines from one number to another in order, some thousands at a time; BrokenError for one that has no text.

    Straight from the driver, whose tuples go into the chain as they are: a row object each would double the time.
    """
    try:
        for piece in _pieces(connection, first, last):
            first = piece[-1][0] + 1
            yield piece
    except connection.dialect.loaded_dbapi.Error:
        bad = _unreadable(connection, first, last) if connection.dialect.name == "sqlite" else None
        if bad is None:
            raise
        yield from _pieces(connection, first, bad - 1)
        raise BrokenError(bad, "type") from None


def holds(connection: sa.Connection, seq: int, keys: Keys) -> bool:
    """Whether one line is there as it was written: its text fits its hash, and its hash the seal."""
    try:
        piece = [entry for some in pieces(connection, seq, seq) for entry in some]
        return bool(piece) and chain.follow(Link(seq - 1, piece[0][2]), piece, keys).seq == seq
    except (BrokenError, OverflowError, TypeError):  # no line of ours has a number below 1, or a text behind it
        return False


def _unreadable(connection: sa.Connection, first: int, last: int) -> int | None:
    """The number of the first line, among those of the next piece, that SQLite cannot write as text or hand over."""
    if list(_pieces(connection, first, first - 1)):  # raises again what is no line's fault
        return None
    ahead = PIECE + 1  # the driver looks at one line more than it hands over
    query = select(LINES.c.seq).where(LINES.c.seq.between(first, last)).order_by(LINES.c.seq).limit(ahead)
    for seq in connection.scalars(query).all():
        try:
            list(_pieces(connection, seq, seq))
        except connection.dialect.loaded_dbapi.Error:
            return int(seq)
    return None


def _pieces(connection: sa.Connection, first: int, last: int) -> Iterator[Sequence[Entry]]:
    dialect = connection.dialect.name
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor() if dialect == "sqlite" else driver.cursor("audit_lines", binary=True)
    try:
        cursor.execute(
            f"SELECT seq, {_stored_text(dialect)}, prev_hash, hash, mac, mac_key"  # noqa: S608 - our own names, and numbers
            f" FROM audit WHERE seq BETWEEN {first:d} AND {last:d} ORDER BY seq"
        )
        while piece := cursor.fetchmany(PIECE):
            yield piece
    finally:
        cursor.close()
