"""flask db: bringing the database to the newest tables."""

from __future__ import annotations

import click
from flask import current_app
from sqlalchemy import Engine

from intake.cli.doctor import records
from intake.cli.plain import PlainGroup
from intake.store import migrations

db = PlainGroup("db", help="The database's tables.")


def engine() -> Engine:
    """The app's engine."""
    found: Engine = current_app.extensions["engine"]
    return found


@db.command()
def upgrade() -> None:
    """Bring the tables to the newest version."""
    if migrations.problem(engine()) == records.AWAY:
        raise click.ClickException(records.UNREACHABLE)
    migrations.upgrade(engine())
    click.echo("The database is current.")


@db.command()
def check() -> None:
    """Say whether the database answers and is current."""
    problem = migrations.problem(engine())
    if problem:
        raise click.ClickException(records.UNREACHABLE if problem == records.AWAY else problem)
    click.echo("The database is current.")
