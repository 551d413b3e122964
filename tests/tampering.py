"""Changing rows behind the back of everything that protects them, as somebody with the database could."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, select, text
from sqlalchemy.orm import Session

from intake.store.triggers import FROZEN

TABLES = sorted({freeze.table for freeze in FROZEN})


@contextmanager
def unprotected(session: Session) -> Iterator[Session]:
    """The same session while no trigger watches. SQLite's are gone afterwards, PostgreSQL's come back."""
    session.rollback()
    lite = session.get_bind().dialect.name == "sqlite"
    if lite:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in names:
            session.execute(text(f"DROP TRIGGER {name}"))
        session.commit()
        session.execute(text("PRAGMA foreign_keys"))
    else:
        session.execute(text("SET session_replication_role = replica"))
        session.commit()
    try:
        yield session
    finally:
        session.rollback()
        if not lite:
            session.execute(text("SET session_replication_role = DEFAULT"))
            session.commit()


def other_values(session: Session, table: Table, column: Column[Any], value: Any) -> Iterator[Any]:
    """What somebody could put in a column instead: other values of its kind, and those of the other rows."""
    match value:
        case bytes():
            yield from (value[:-1] + bytes([value[-1] ^ 1]), value + b"x", b"") if value else (b"x",)
        case bool():
            yield not value
        case int():
            yield from (value + 1, value - 1)
        case datetime():
            yield from (value + timedelta(microseconds=1), value - timedelta(days=1))
        case uuid.UUID():
            pass  # the other rows' are tried below
        case str():
            yield from (value[:-1] + ("x" if value[-1:] != "x" else "y"), value + " ", value[::-1] + "z")
        case dict():
            yield {**value, "planted": {"value": "x"}}
            yield from ({name: each for name, each in value.items() if name != left} for left in value)
    held = session.scalars(select(column).distinct()).all()
    if not isinstance(value, dict):
        yield from (each for each in held if each not in (value, None))
    if column.nullable and value is not None:
        yield None
