"""One PostgreSQL database for many tests, emptied after each: a third of what a fresh copy costs."""

from __future__ import annotations

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from intake.store.migrations import NEWEST
from intake.store.schema import metadata
from tests.postgres import Server

TABLES = [table.name for table in metadata.sorted_tables]
FULL = text(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in TABLES))


class Changed(Exception):
    """A test did more to the database than fill it."""


class Emptied:
    """Hands the database out and takes it back; one that cannot be emptied is thrown away."""

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._template, self._url = server, template, ""

    def hand_out(self) -> str:
        """The URL of a migrated database with nothing in it."""
        self._url = self._url or self._server.create(template=self._template)
        return self._url

    def take_back(self) -> None:
        """Empty it for the next test."""
        engine = create_engine(self._url, poolclass=NullPool)
        try:
            with engine.begin() as connection:
                _empty(connection)
        except (SQLAlchemyError, Changed):
            self._server.drop(self._url)
            self._url = ""
        finally:
            engine.dispose()


def _empty(connection: Connection) -> None:
    connection.execute(text("SET LOCAL lock_timeout = '2s'"))
    if connection.execute(text("SELECT version_num FROM alembic_version")).scalar() != NEWEST:
        raise Changed
    if full := connection.execute(FULL).scalars().all():
        connection.execute(text(f"TRUNCATE {', '.join(full)} RESTART IDENTITY CASCADE"))
