"""Everything a database holds, to see what an act left behind."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.store.schema import metadata


def everything(session: Session) -> dict[str, list[str]]:
    """{table: its rows as text}."""
    session.rollback()
    found = {
        table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
        for table in metadata.sorted_tables
        if table.name != "buckets"  # how often was tried: no record, and counted whatever becomes of the try
    }
    session.rollback()
    return found


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> set[str]:
    """The tables that differ."""
    return {name for name in before if before[name] != after[name]}
