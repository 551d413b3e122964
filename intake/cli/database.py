"""flask db: bringing the database to the newest tables."""

from __future__ import annotations

import click
from flask import current_app
from sqlalchemy import Engine

from intake.cli.doctor import records
from intake.cli.plain import PlainGroup
from intake.store import migrations, shape
from intake.store.engine import reading
from intake.store.migrations import MigrationError

db = PlainGroup("db", help="The database's tables.")


def engine() -> Engine:
    """The app's engine."""
    found: Engine = current_app.extensions["engine"]
    return found


def bring_up(to: Engine) -> None:
    """Bring the tables of a database to the newest version, or end with what is in the way."""
    if migrations.problem(to) == records.AWAY:
        raise click.ClickException(records.UNREACHABLE)
    try:
        migrations.upgrade(to)
    except MigrationError as problem:
        raise click.ClickException(str(problem)) from None


@db.command()
def upgrade() -> None:
    """Bring the tables to the newest version."""
    bring_up(engine())
    click.echo("The database is current.")


@db.command()
def check() -> None:
    """Say whether the database answers, is current, and is built as it was made."""
    problem = migrations.problem(engine())
    if problem:
        raise click.ClickException(records.UNREACHABLE if problem == records.AWAY else problem)
    with reading(engine()).connect() as connection:
        if fault := shape.loosened(connection) or shape.hiding(connection):
            raise click.ClickException(fault)
    click.echo("The database is current.")
