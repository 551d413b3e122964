"""A database as it was at one moment, to come back to after an act: triggers and all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, delete, insert, select, text

from intake.store.schema import metadata


class Snapshot:
    """What an engine's database holds now. Nobody else may be in a transaction when it is brought back."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lite = engine.dialect.name == "sqlite"
        if self._lite:
            self._kept = sqlite3.connect(":memory:")
            with closing(self._file()) as file:
                file.backup(self._kept)
        else:
            with self._connection() as connection:
                self._rows = _rows(connection)

    def restore(self) -> None:
        """Bring it back."""
        if self._lite:
            with closing(self._file()) as file:
                self._kept.backup(file)
            return
        with self._connection() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # no trigger watches
            now = _rows(connection)
            for table in metadata.sorted_tables:
                if now[table.name] != self._rows[table.name]:
                    connection.execute(delete(table))
                    if kept := self._rows[table.name]:
                        connection.execute(insert(table), kept)

    def close(self) -> None:
        """Forget it."""
        if self._lite:
            self._kept.close()

    def _file(self) -> sqlite3.Connection:
        return sqlite3.connect(str(self._engine.url.database))

    def _connection(self) -> Any:
        return create_engine(self._engine.url, poolclass=NullPool).begin()


def _rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in metadata.sorted_tables
    }
