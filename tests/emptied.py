"""Databases, engines and apps that serve many tests, emptied after each: a third of what fresh ones cost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from intake.app import create_app
from intake.config import Config
from intake.store import audit
from intake.store.engine import connect
from intake.store.migrations import NEWEST
from intake.store.schema import metadata
from tests.browsing import Browser
from tests.builders import AUDIT_KEYS, COST, SECRET
from tests.postgres import Server

TABLES = [table.name for table in metadata.sorted_tables]
FULL = text(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in TABLES))


class ChangedError(Exception):
    """A test did more to the database than fill it."""


class OnFile:
    """One SQLite file that is written over with the template before each test."""

    def __init__(self, path: Path, template: Path) -> None:
        self._path, self._template = path, template

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a migrated database with nothing in it."""
        for suffix in ("", "-wal", "-shm"):
            old = Path(f"{self._path}{suffix}")
            shutil.rmtree(old) if old.is_dir() else old.unlink(missing_ok=True)
        shutil.copyfile(self._template, self._path)
        yield f"sqlite:///{self._path}"


class OnServer:
    """One PostgreSQL database; when it cannot be emptied it is thrown away and the next test gets another."""

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._template, self._url = server, template, ""

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a migrated database with nothing in it."""
        self._url = self._url or self._server.create(template=self._template)
        yield self._url
        engine = create_engine(self._url, poolclass=NullPool)
        try:
            with engine.begin() as connection:
                _empty(connection)
        except (SQLAlchemyError, ChangedError):
            self._server.drop(self._url)
            self._url = ""
        finally:
            engine.dispose()


def _empty(connection: Connection) -> None:
    connection.execute(text("SET LOCAL lock_timeout = '2s'"))
    if connection.execute(text("SELECT version_num FROM alembic_version")).scalar() != NEWEST:
        raise ChangedError
    if full := connection.execute(FULL).scalars().all():
        connection.execute(text(f"TRUNCATE {', '.join(full)} RESTART IDENTITY CASCADE"))


class Kept:
    """Engines and apps by the address of their database: they keep their compiled statements and templates."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._apps: dict[str, Flask] = {}

    def engine(self, url: str) -> Engine:
        """The engine for a database."""
        if url not in self._engines:
            self._engines[url] = audit.equip(connect(url), AUDIT_KEYS)
        return self._engines[url]

    def app(self, url: str) -> Flask:
        """The whole application on a database."""
        if url not in self._apps:
            self._apps[url] = new_app(url)
        return self._apps[url]


def new_app(url: str) -> Flask:
    """An application of a test's own, to add views to."""
    made = create_app(Config(database_url=url, secret=SECRET, password_cost=COST))
    made.test_client_class = Browser
    return made
