"""Databases, engines and apps that serve many tests, emptied after each: a third of what fresh ones cost."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from intake.app import create_app
from intake.config import Config
from intake.store.engine import connect
from intake.store.schema import metadata
from tests.browsing import Browser
from tests.builders import COST, KEYS
from tests.postgres import Server

TABLES = [table.name for table in metadata.sorted_tables]
FULL = text(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in TABLES))

SHAPE = text("""
    SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
        SELECT version_num::text FROM alembic_version
        UNION ALL SELECT format('%s %s %s', tgrelid, tgname, tgenabled) FROM pg_trigger
        UNION ALL SELECT format('%s %s %s', attrelid, attname, attnotnull) FROM pg_attribute
            WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
        UNION ALL SELECT format('%s %s', proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS parts(part)
""")


class ChangedError(Exception):
    """A test did more to the database than fill it."""


class OnFile:
    """One SQLite file that is written over with the template before each test, in a folder of its own."""

    def __init__(self, path: Path, template: Path) -> None:
        self._path, self._template = path, template

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a migrated database with nothing in it."""
        shutil.rmtree(self._path.parent, ignore_errors=True)
        self._path.parent.mkdir()
        shutil.copyfile(self._template, self._path)
        yield f"sqlite:///{self._path}"


class OnServer:
    """One PostgreSQL database; when it cannot be emptied it is thrown away and the next test gets another."""

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._template, self._url, self._shape = server, template, "", ""
        self._engine: Engine | None = None

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a migrated database with nothing in it."""
        if not self._url:
            self._url = self._server.create(template=self._template)
            self._engine = create_engine(self._url, pool_size=1, pool_pre_ping=True)
            self._shape = self._do(_shape)
        yield self._url
        try:
            self._do(self._empty)
        except (SQLAlchemyError, ChangedError):
            self.close()
            self._server.drop(self._url)
            self._url = ""

    def close(self) -> None:
        """At the end: the connection."""
        if self._engine:
            self._engine.dispose()

    def _do(self, step: Callable[[Connection], str]) -> str:
        assert self._engine
        with self._engine.begin() as connection:
            return step(connection)

    def _empty(self, connection: Connection) -> str:
        connection.execute(text("SET LOCAL lock_timeout = '2s'"))
        if (shape := _shape(connection)) != self._shape:
            raise ChangedError
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no triggers, no order
        for table in connection.execute(FULL).scalars().all():
            connection.execute(text(f"DELETE FROM {table}"))
        return shape


def _shape(connection: Connection) -> str:
    """The version, tables, columns, triggers and functions, in one line."""
    return str(connection.execute(SHAPE).scalar_one())


class Kept:
    """Engines and apps by the address of their database: they keep their compiled statements and templates."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._apps: dict[str, Flask] = {}

    def engine(self, url: str) -> Engine:
        """The engine for a database."""
        return self._engines.setdefault(url, connect(url, KEYS))

    def app(self, url: str) -> Flask:
        """The whole application on a database."""
        if url not in self._apps:
            self._apps[url] = new_app(url)
        return self._apps[url]

    def rest(self, engine: Engine) -> None:
        """After a test: a file is about to be written over; a server's connections stay, a new one costs 20 ms."""
        if engine.dialect.name == "sqlite":
            engine.dispose()

    def close(self) -> None:
        """At the end: every connection."""
        for engine in (*self._engines.values(), *(app.extensions["engine"] for app in self._apps.values())):
            engine.dispose()


def new_app(url: str) -> Flask:
    """An application of a test's own, to add views to."""
    made = create_app(Config(database_url=url, keys=KEYS, password_cost=COST))
    made.test_client_class = Browser
    return made
