"""Connections to SQLite and PostgreSQL, with the settings that keep acknowledged writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from intake.security import chain
from intake.security.keys import KeyRing
from intake.store import trail
from intake.store.directory import Directory

KEPT_OPEN, AT_MOST = 10, 30  # connections of a process
FOR_A_CONNECTION, FOR_A_LOCK, FOR_AN_ANSWER = 30, 10, 10  # seconds; the lock is SQLite's, the answer PostgreSQL's first
BUSY = f"busy_timeout={FOR_A_LOCK * 1000}"
HURRY, IN_A_HURRY = "hurry", 500  # an option of engines, and the milliseconds a write with it waits for a lock
PRAGMAS = (
    *("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", BUSY, "recursive_triggers=ON"),
    *("secure_delete=ON", "trusted_schema=OFF"),
)
# Where names are looked up, and what else a setting of the database or the role could turn: {setting: what it is here}.
# Row security that would leave rows out is an error then, in place of an answer.
PINNED = {
    "search_path": "pg_catalog, public, pg_temp",
    "session_replication_role": "origin",
    "row_security": "off",
    "transform_null_equals": "off",
}
TURNED = (
    "The database does not let us work as we must ({name}): somebody changed how it is built. Look with `flask doctor` "
    "under the role that owns it."
)


class TurnedError(SQLAlchemyError):
    """A connection answers in another way than ours have to, and cannot be brought back."""


def connect(url: str, keys: KeyRing | None = None) -> Engine:
    """An engine for the database at the URL; the folder of an SQLite file is made when it is missing.

    Sessions on it open sealed values and write the audit trail with the key ring. Without one only what is not sealed
    can be read.
    """
    engine = _made(url, keys)
    if keys is not None:
        trail.equip(engine, chain.keys_of(keys.derive("audit")))
    return engine


def _made(url: str, keys: KeyRing | None) -> Engine:
    parsed = make_url(url)
    opening = {"keys": keys, "directory": Directory()}
    # A fault says what was asked, never with which values.
    common = {
        "execution_options": opening, "hide_parameters": True, "pool_size": KEPT_OPEN,
        "max_overflow": AT_MOST - KEPT_OPEN, "pool_timeout": FOR_A_CONNECTION,
    }  # fmt: skip
    if parsed.get_backend_name() != "sqlite":
        waits = {} if "connect_timeout" in parsed.query else {"connect_timeout": FOR_AN_ANSWER}
        engine = create_engine(parsed, pool_pre_ping=True, connect_args=waits, **common)
        event.listen(engine, "connect", _pin, insert=True)  # before SQLAlchemy itself asks for anything
        event.listen(engine, "begin", _hurry)
        return engine
    if parsed.database:
        _keep_private(Path(parsed.database))
    engine = create_engine(parsed, connect_args={"timeout": FOR_A_LOCK}, **common)
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    return engine


def _keep_private(path: Path) -> None:
    """Make the folder and the file with rights for their owner alone; what is there already stays as it is."""
    for folder in reversed([path.parent, *path.parent.parents]):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)


def reading(engine: Engine) -> Engine:
    """The same pool for work that only reads: it does not take SQLite's write lock."""
    return engine.execution_options(sqlite_begin="DEFERRED")


def hurried(engine: Engine) -> Engine:
    """The same pool for what nobody can wait for: it gives up at once where somebody else holds the lock."""
    return engine.execution_options(**{HURRY: True})


def _settle(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN is deferred and loses updates; ours is below
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _pin(connection: Any, _record: object) -> None:
    """Settings of the database or of the role count for nothing here; read back, with words that nobody can redefine.

    Only a superuser may write the second one at all, so it is written only where it is another.
    """
    try:
        with connection.cursor() as cursor:
            for name, wanted in PINNED.items():
                _set(cursor, name, wanted)
        connection.commit()  # else the next rollback takes them back
    except BaseException:
        connection.close()
        raise


def _set(cursor: Any, name: str, wanted: str) -> None:
    try:
        if _shown(cursor, name) != wanted:
            cursor.execute(f"SET {name} = {wanted}")
    except cursor.connection.ProgrammingError:  # it may not be set
        raise TurnedError(TURNED.format(name=name)) from None
    if _shown(cursor, name) != wanted:
        raise TurnedError(TURNED.format(name=name))


def _shown(cursor: Any, name: str) -> str:
    return str(cursor.execute(f"SHOW {name}").fetchone()[0])


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    begin = f"BEGIN {options.get('sqlite_begin', 'IMMEDIATE')}"
    if HURRY not in options:
        connection.exec_driver_sql(begin)
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={IN_A_HURRY}")
    try:
        connection.exec_driver_sql(begin)  # here SQLite waits for its only lock
    finally:
        connection.exec_driver_sql(f"PRAGMA {BUSY}")


def _hurry(connection: Connection) -> None:
    if HURRY in connection.get_execution_options():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {IN_A_HURRY}")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {4 * IN_A_HURRY}")
