"""What somebody with the database but without the key can do to one line of the audit trail, as statements.

Each takes a connection on which no trigger watches, the number of a line, and how many lines there are.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from intake.store.lines import FIELDS, HEAD, LINES

Tamper = Callable[[Connection, int, int], None]
SOMEBODY = uuid.UUID(int=7)
OTHER = [column for column in LINES.c if column.name != "seq"]


def row(connection: Connection, at: int) -> dict[str, Any]:
    """The line of that number."""
    return dict(connection.execute(select(LINES).where(LINES.c.seq == at)).one()._mapping)


def put(connection: Connection, at: int, /, **values: Any) -> None:
    """Write values into the line of that number."""
    done = connection.execute(update(LINES).where(LINES.c.seq == at).values(**values))
    assert done.rowcount == 1, at


def edit(connection: Connection, at: int, _count: int) -> None:
    """Another value in one column; each line in turn another column."""
    name = FIELDS[at % len(FIELDS)]
    put(connection, at, **{name: _other(row(connection, at)[name], name)})


def _other(value: Any, name: str) -> Any:
    match value:
        case datetime():
            return value + timedelta(microseconds=1)
        case uuid.UUID():
            return SOMEBODY
        case None if name.endswith("_id"):
            return SOMEBODY
        case _:
            return f"{(value or '')[:-1]}#"


def remove(connection: Connection, at: int, _count: int) -> None:
    """The line is gone."""
    connection.execute(delete(LINES).where(LINES.c.seq == at))


def swap(connection: Connection, at: int, _count: int) -> None:
    """Two neighbours trade places."""
    _trade(connection, at, [column.name for column in OTHER])


def exchange(connection: Connection, at: int, _count: int) -> None:
    """Two neighbours trade what they say; what ties them stays."""
    _trade(connection, at, FIELDS)


def _trade(connection: Connection, at: int, names: Any) -> None:
    one, two = (at, at - 1) if at > 1 else (1, 2)
    mine, theirs = row(connection, one), row(connection, two)
    put(connection, one, **{name: theirs[name] for name in names})
    put(connection, two, **{name: mine[name] for name in names})


def duplicate(connection: Connection, at: int, count: int) -> None:
    """The line stands there twice: before the first one, or as the last one with the head moved on."""
    copy = row(connection, at) | {"seq": 0 if at % 2 else count + 1}
    connection.execute(insert(LINES).values(copy))
    if not at % 2:
        connection.execute(update(HEAD).values(seq=count + 1, hash=copy["hash"]))


def renumber(connection: Connection, at: int, count: int) -> None:
    """Another number: behind the last line, or below zero."""
    put(connection, at, seq=count + 1 if at % 2 else -at)


TAMPERS: tuple[Tamper, ...] = (edit, remove, swap, duplicate, renumber, exchange)
BEFORE_CHRIST = (
    "UPDATE audit SET at = (to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00 BC')::timestamptz"
)
# What looks like nothing where a database writes a line as text. {dialect: {what it is: statement without WHERE}}
SLY = {
    "sqlite": {
        "a NUL and more behind a word": "UPDATE audit SET action = action || char(0) || 'planted'",
        "a NUL behind a word": "UPDATE audit SET outcome = outcome || char(0)",
        "a NUL behind a moment": "UPDATE audit SET at = at || char(0) || '1'",
        "bytes in place of a word": "UPDATE audit SET action = CAST(action AS BLOB)",
        "bytes in place of nothing": "UPDATE audit SET reason = x''",
        "an id in capitals": "UPDATE audit SET patient_id = upper(patient_id)",
        "a hash as a word": "UPDATE audit SET hash = CAST(hash AS TEXT)",
        "nothing in place of a hash": "UPDATE audit SET prev_hash = x''",
        "a quote": "UPDATE audit SET reason = '\"', categories = '\",\"'",
    },
    "postgresql": {
        "the same day before Christ": BEFORE_CHRIST,
        "a moment without end": "UPDATE audit SET at = 'infinity'",
        "a microsecond": "UPDATE audit SET at = at + interval '1 microsecond'",
        "a blank": "UPDATE audit SET outcome = outcome || ' '",
        "nothing in place of a word": "UPDATE audit SET reason = ' '",
        "a quote": "UPDATE audit SET reason = '\"', categories = '\",\"'",
    },
}
