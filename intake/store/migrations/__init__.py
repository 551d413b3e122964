"""Bringing a database to the newest tables, and saying whether it is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent
NEWEST = "0005"
UNSEALED = frozenset({"0001"})  # what version 0.1 made


class MigrationError(Exception):
    """The tables were not changed: rows would have pointed nowhere, or there is no way from where they stand."""


def upgrade(engine: Engine, to: str = "head") -> None:
    """Migrate to a revision."""
    from alembic import command  # noqa: PLC0415 - costs 0.3 s, needed only here

    if _found(engine) in UNSEALED:
        message = (
            "This database was made by version 0.1, which did not seal its records. It cannot be carried over:"
            " set DATABASE_URL to an empty one, and keep this one with the version that made it."
        )
        raise MigrationError(message)
    with migrating(engine) as connection:
        command.upgrade(configuration(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Migrate back to a revision."""
    from alembic import command  # noqa: PLC0415 - as above

    with migrating(engine) as connection:
        command.downgrade(configuration(connection), to)


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """A connection for changing tables: everything is kept or nothing, MigrationError when rows would point nowhere.

    On SQLite foreign keys are off meanwhile: rebuilding a table while they are on deletes the rows that point at it,
    without an error.
    """
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                if not is_sqlite:
                    connection.execute(text("SET LOCAL search_path = public, pg_temp"))  # the first is where tables go
                yield connection
                if is_sqlite and (orphans := connection.execute(text("PRAGMA foreign_key_check")).fetchall()):
                    message = f"{len(orphans)} rows point nowhere after the migration"
                    raise MigrationError(message)
        finally:
            if is_sqlite:
                _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    """Switch them; straight to the driver, since the pragma does nothing inside a transaction."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys={state}")


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for a connection."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER))
    return config


def problem(engine: Engine) -> str | None:
    """None when the database answers and is current; otherwise "unreachable" or "migrations pending"."""
    try:
        return None if _found(engine) == NEWEST else "migrations pending"
    except SQLAlchemyError:
        return "unreachable"


def _found(engine: Engine) -> str | None:
    """The revision of the tables; None where there are none."""
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError as error:
        if "no such table" in str(error) or 'relation "alembic_version" does not exist' in str(error):
            return None
        raise
