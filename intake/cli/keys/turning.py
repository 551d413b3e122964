"""flask keys rotate: another root key, while the clinic works on."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.actions import keys as acts
from intake.cli.keys.group import keys
from intake.config import database_address, key_settings
from intake.security import keyfile
from intake.security.keyfile import KeySourceError
from intake.security.keys import KeyRing
from intake.security.providers import table
from intake.security.providers.table import Provider
from intake.security.seal import SealError
from intake.store import rotation
from intake.store.engine import connect


@keys.command()
def rotate() -> None:
    """Make a new root key and wrap every data key under it, while the clinic works on. An interrupted one goes on."""
    settings = key_settings()
    provider = table.chosen(settings)
    with keyfile.alone(settings.file):
        ring = provider.read()
        engine = connect(database_address(), ring)
        try:
            _rewrap_all(engine, _turned(engine, provider, ring))
        finally:
            engine.dispose()


def _turned(engine: Engine, provider: Provider, ring: KeyRing) -> KeyRing:
    """The ring with the root key that data keys are to hang on: a new one, unless a rotation was interrupted."""
    with Session(engine) as session:
        acts.record_turned(session, ring, now=datetime.now(UTC))  # whoever was stopped before could not
        if waiting := rotation.left(session, ring.current.id):
            click.echo(f"{waiting:,} data keys still hang on an older root key: going on with {ring.current.id}.")
            return ring
        turned = ring.turned(table.new_root())
        try:
            provider.write(turned)
        except KeySourceError as problem:
            click.echo(f"{turned.current.id} {turned.current.secret.hex()}")
            message = f"{problem} The line above is a new root key. Then run this again."
            raise click.ClickException(message) from None
        if provider.read() != turned:
            message = f"{provider.where} does not give back the new root key. No data key was touched."
            raise click.ClickException(message)
        acts.record_turned(session, turned, now=datetime.now(UTC))
    click.echo(f"The new root key is {turned.current.id}. Print a new recovery sheet: flask keys sheet")
    return turned


def _rewrap_all(engine: Engine, ring: KeyRing) -> None:
    with Session(engine) as session:
        whole = rotation.left(session, ring.current.id)
    with click.progressbar(length=whole, label="Data keys", file=sys.stderr) as bar:
        while True:
            with Session(engine) as session:
                try:
                    done = acts.rewrap(session, ring, now=datetime.now(UTC))
                except SealError:
                    message = "A data key does not open with any root key here: bring back the older one, then go on."
                    raise click.ClickException(message) from None
            if not done:
                break
            bar.update(done)
    click.echo("Every data key hangs on the root key in use. The older ones stay: hashes and seals still need them.")
