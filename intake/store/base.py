"""The metadata every table hangs on, and the column types both databases agree about."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import JSON, ColumnElement, Date, DateTime, Dialect, MetaData, Uuid, true
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from intake.security.seal import OTHER_TYPES, SealError

T = TypeVar("T")
Day = TypeVar("Day", bound=date)
Within = Callable[[type[Any]], ColumnElement[bool]]  # which rows of a table may be handed over (see scope.py)
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def everybody(_model: type[Any]) -> ColumnElement[bool]:
    """No limit: for acts and commands, which have no page to be shown on."""
    return true()


def _moment(kept: str) -> datetime:
    return datetime.fromisoformat(kept).replace(tzinfo=UTC)


def _moment_as_kept(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def _exactly(kept: Any, read: Callable[[str], Day], written: Callable[[Day], str]) -> Day | None:
    """What SQLite holds, read; SealError where it is written in another way than ours.

    SQLite compares it as text: the same moment, written in another way, could be one that never comes.
    """
    if kept is None:
        return None
    try:
        found = read(kept)
    except (TypeError, ValueError):
        raise SealError from None
    if written(found) != kept:
        raise SealError
    return found


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite drops time zones, so they are refused going in when absent and put back coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The moment in UTC; ValueError for one without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs a time zone"
            raise ValueError(message)
        return value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], datetime | None] | None:
        """What reads a moment."""
        if dialect.name == "sqlite":
            return lambda kept: _exactly(kept, _moment, _moment_as_kept)
        return super().result_processor(dialect, coltype)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The moment in UTC, whatever zone the database has it in."""
        return None if value is None else value.astimezone(UTC)


class PlainDate(TypeDecorator[date]):
    """A date of the calendar."""

    impl = Date
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], date | None] | None:
        """What reads a date."""
        if dialect.name == "sqlite":
            return lambda kept: _exactly(kept, date.fromisoformat, date.isoformat)
        return super().result_processor(dialect, coltype)


class Id(Uuid[uuid.UUID]):
    """A random id. SQLite keeps any text in its place: one that is none makes the row unreadable."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], uuid.UUID | None] | None:
        """What reads an id; SealError when it is none."""
        read: Callable[[Any], Any] | None = super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
        return read and readable(read)


def readable(read: Callable[[Any], T]) -> Callable[[Any], T]:
    """The same reader, with SealError in place of what another type does to it."""

    def found(value: Any) -> T:
        try:
            return read(value)
        except OTHER_TYPES:
            raise SealError from None

    return found


class Base(DeclarativeBase):
    """Every table of the house."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        date: PlainDate(),
        uuid.UUID: Id(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        list[str]: JSON(),
    }


class Identified:
    """A row with a random key that says nothing."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)


class Versioned:
    """A row people edit: a stale write is refused (the mapper compares the version)."""

    version: Mapped[int] = mapped_column(default=1)
