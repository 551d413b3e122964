"""The group of `flask keys`, and what several of its commands need."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from intake.actions import keys as acts
from intake.cli.keys.first import is_used
from intake.cli.plain import PlainGroup
from intake.config import database_address
from intake.security import passwords
from intake.security.keys import KeyRing
from intake.security.providers import table
from intake.security.providers.files import UnderPassphrase
from intake.security.providers.settings import Settings
from intake.security.providers.table import Provider
from intake.store import checkpoints, rotation
from intake.store.engine import connect

keys = PlainGroup("keys", help="The root keys, and erasing records by destroying keys.")


def wrapped() -> dict[str, int]:
    """{root id: how many data keys hang on it}, as far as the database can be asked."""
    if not is_used(database_address()):
        return {}
    engine = connect(database_address())
    try:
        with Session(engine) as session:
            return rotation.by_root(session)
    except SQLAlchemyError:
        return {}
    finally:
        engine.dispose()


def noted(ring: KeyRing, action: str, *, begins: bool = False) -> None:
    """Keep a line about the root keys where there is a trail; AuditError when other keys made it.

    A trail that is still empty begins only with keys that are known to be the database's.
    """
    if not is_used(database_address()):
        return
    engine = connect(database_address(), ring)
    try:
        with Session(engine) as session:
            if begins or checkpoints.head(session) is not None:
                acts.record_root(session, action, now=datetime.now(UTC))
    finally:
        engine.dispose()


def chosen_anew(settings: Settings) -> Provider:
    """The provider to write to; a new passphrase is asked for twice."""
    if settings.provider != "passphrase":
        return table.chosen(settings)
    return UnderPassphrase(settings, ask=_new_passphrase)


def _new_passphrase() -> str:
    while True:
        given = str(click.prompt("A passphrase for the keys (15 characters or more)", hide_input=True))
        if not (reasons := passwords.reasons_not_to_accept(given)):
            break
        click.echo(" ".join(reasons), err=True)
    if click.prompt("The same again", hide_input=True) != given:
        message = "The two are not the same. Nothing was changed."
        raise click.ClickException(message)
    return given
