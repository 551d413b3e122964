"""What says that a row of the database is one that we wrote: a MAC over where it stands and what it says."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any
from uuid import UUID

PURPOSE = "rows"  # of the key that is derived from the root


def mark(key: bytes, table: str, said: Iterable[tuple[str, Any]]) -> bytes:
    """HMAC-SHA256 over a table's name and the (column, value) pairs of one row, each with its length and its kind.

    TypeError for a kind of value that has no one way to be written.
    """
    parts = [table.encode()]
    for column, value in said:
        parts.append(b"%b=%b" % (column.encode(), (WRITTEN.get(type(value)) or _kind(value))(value)))
    return hmac.digest(key, b"".join([b"%d:%b" % (len(part), part) for part in parts]), "sha256")


def _moment(value: datetime) -> bytes:
    return b"t" + (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat().encode()


# {kind: how a value of it is written}: a table, since this is done for every row that is read
WRITTEN: Mapping[type[Any], Callable[[Any], bytes]] = {
    NoneType: lambda _value: b"-",
    UUID: lambda value: b"u" + value.bytes,
    str: lambda value: b"s" + value.encode(),
    bool: lambda value: b"n%d" % value,
    int: lambda value: b"n%d" % value,
    datetime: _moment,
    date: lambda value: b"d" + value.isoformat().encode(),
    bytes: lambda value: b"b" + value,
    list: lambda value: b"l" + json.dumps(value).encode(),
}


def _kind(value: object) -> Callable[[Any], bytes]:
    """How a value of a kind derived from one of ours is written, such as a member of an enumeration."""
    for kind, written in WRITTEN.items():
        if isinstance(value, kind):
            return written
    message = f"a value of type {type(value).__name__} cannot be bound to its row"
    raise TypeError(message)
