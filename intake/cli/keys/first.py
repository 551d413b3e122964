"""The root key of a new clinic, made at its first start, and whether a database is in use already."""

from __future__ import annotations

import os
from collections.abc import Mapping

from sqlalchemy import inspect, make_url
from sqlalchemy.exc import SQLAlchemyError

from intake.config import ConfigError, database_address, key_settings
from intake.security import keyfile
from intake.security.keys import KeyRing
from intake.security.providers import table
from intake.store.engine import connect

MADE = (
    "Made the root key {file}: it makes copies of the database unreadable without it, but it does not protect this "
    "machine, so whoever takes an unencrypted disk has both. Write it down now: .venv/bin/flask keys sheet"
)
LOST = (
    "The database holds records, but their root key is not at {file}: put the key back, set KEY_FILE to its place, "
    "or type in the recovery sheet with `flask keys recover`."
)


def make_key(environ: Mapping[str, str] = os.environ, *, even_if_used: bool = False) -> str | None:
    """Make the key file unless there is one or the keys come from elsewhere; what to tell, if anything.

    ConfigError when the database is in use: a new key would not open what the lost one sealed.
    """
    settings = key_settings(environ)
    provider = table.chosen(settings)
    if settings.provider != "file" or provider.exists():
        return None
    if not even_if_used and is_used(database_address(environ)):
        raise ConfigError(LOST.format(file=settings.file))
    with keyfile.alone(settings.file):
        if provider.exists():
            return None
        provider.write(KeyRing(table.new_root()))
    return MADE.format(file=settings.file)


def is_used(url: str) -> bool:
    """Whether the database has tables already; one that cannot be asked counts as new."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not os.path.exists(address.database or ""):  # noqa: PTH110 - a text
        return False
    engine = connect(url)
    try:
        return bool(inspect(engine).get_table_names())
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
