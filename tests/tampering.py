"""Changing rows behind the back of everything that protects them, as somebody with the database could."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, Uuid, bindparam, select, text
from sqlalchemy.orm import Session

from intake.store.notes import Note
from intake.store.patient_keys import SENSITIVE
from intake.store.responses import Response, ResponseSection
from intake.store.sealing import Spot, packed, seal_value, unseal_value
from intake.store.signatures import Signature
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
        session.get_bind().dispose()  # type: ignore[union-attr]  # an engine: from here on it has this one connection
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
        case date():
            yield value + timedelta(days=1)
        case uuid.UUID():
            pass  # the other rows' are tried below
        case str():
            yield from (value[:-1] + ("x" if value[-1:] != "x" else "y"), value + " ", value[::-1] + "z")
    held = session.scalars(select(column).distinct()).all()
    yield from (each for each in held if each not in (value, None))
    if column.nullable and value is not None:
        yield None


# ---------------------------------------------------------------- inside what is sealed, with the keys


def sealed_text(session: Session, entry: Signature, text: str) -> bytes:
    """What the column of a signed record holds for this text."""
    spot = Spot(Signature.__tablename__, "content", entry.id, entry.patient_id, SENSITIVE)
    return seal_value(session, spot, packed({"content": text}))


def inside(session: Session, row: Mapping[str, Any], compartment: str) -> dict[str, Any]:
    """The answers in one compartment of a section's row; empty when there are none."""
    if row[compartment] is None:
        return {}
    found: dict[str, Any] = json.loads(unseal_value(session, _spot(session, row, compartment), row[compartment]))
    return found


def sealed_answers(session: Session, row: Mapping[str, Any], compartment: str, answers: Mapping[str, Any]) -> bytes:
    """What that compartment holds for other answers."""
    return seal_value(session, _spot(session, row, compartment), packed(dict(answers)))


def _spot(session: Session, row: Mapping[str, Any], compartment: str) -> Spot:
    patient = session.scalars(select(Response.patient_id).where(Response.id == row["response_id"])).one()
    column = f"{row['section']}/{compartment}"
    return Spot(ResponseSection.__tablename__, column, row["response_id"], patient, compartment, row["version"])


def a_draft_again(session: Session, note: Note) -> None:
    """Take away everything but the audit trail that says a note was signed."""
    mine = {
        "DELETE FROM signatures WHERE note_id = :id": note.id,
        "DELETE FROM ledgers WHERE patient_id = :id": note.patient_id,
        "UPDATE notes SET signed_at = NULL WHERE id = :id": note.id,
        "UPDATE responses SET status = 'in-progress', completed_at = NULL WHERE id = :id": note.response_id,
    }
    with unprotected(session) as past:
        for change, row in mine.items():
            past.execute(text(change).bindparams(bindparam("id", row, Uuid())))
        past.commit()
        past.expire_all()


def damage(session: Session, change: str, **values: Any) -> None:
    """Change a row behind the back of everything that protects it."""
    session.rollback()
    lite = session.get_bind().dialect.name == "sqlite"
    table = change.split()[1] if change.startswith("UPDATE") else change.split()[2]
    triggers = [f"{table}_final_{verb}" for verb in ("update", "delete", "insert")]
    if lite:
        for name in triggers:
            session.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    else:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    done = session.execute(
        text(change), {k: v.hex if lite and isinstance(v, uuid.UUID) else v for k, v in values.items()}
    )
    assert done.rowcount > 0, "nothing was changed"  # type: ignore[attr-defined]  # a cursor's result
    if not lite:
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    session.commit()
