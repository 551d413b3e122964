"""flask db: bringing the database to the newest tables."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import Engine

from intake.store import migrations

db = AppGroup("db", help="The database's tables.")


def engine() -> Engine:
    """The app's engine."""
    found: Engine = current_app.extensions["engine"]
    return found


@db.command()
def upgrade() -> None:
    """Bring the tables to the newest version."""
    migrations.upgrade(engine())
    click.echo("The database is current.")


@db.command()
def check() -> None:
    """Say whether the database answers and is current."""
    problem = migrations.problem(engine())
    if problem:
        raise click.ClickException(problem)
    click.echo("The database is current.")
