"""What says that a row of the database is one that we wrote: a MAC over where it stands and what it says."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

PURPOSE = "rows"  # of the key that is derived from the root


def mark(key: bytes, table: str, said: Iterable[tuple[str, Any]]) -> bytes:
    """HMAC-SHA256 over a table's name and the (column, value) pairs of one row, each with its length and its kind.

    TypeError for a kind of value that has no one way to be written.
    """
    parts = [table.encode()]
    for column, value in said:
        parts += (column.encode(), _written(value))
    return hmac.digest(key, b"".join(len(part).to_bytes(4) + part for part in parts), "sha256")


def _written(value: Any) -> bytes:
    match value:
        case None:
            return b"-"
        case UUID():
            return b"u" + value.bytes
        case str():
            return b"s" + value.encode()
        case bool() | int():
            return b"n%d" % value
        case datetime():
            return b"t" + value.astimezone(UTC).isoformat().encode()
        case bytes():
            return b"b" + value
        case list():
            return b"l" + json.dumps(value).encode()
        case _:
            message = f"a value of type {type(value).__name__} cannot be bound to its row"
            raise TypeError(message)
