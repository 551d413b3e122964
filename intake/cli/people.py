"""flask people: what helps when nobody can sign in any more."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from sqlalchemy.orm import Session

from intake.actions import accounts
from intake.cli.plain import PlainGroup
from intake.store import people as stored
from intake.web import handed

people = PlainGroup("people", help="The people who sign in.")


@people.command()
@click.argument("email")
def password(email: str) -> None:
    """Print a link with which the person with this EMAIL chooses a new password within three days."""
    app = current_app
    with Session(app.extensions["engine"]) as session:
        user = stored.user_by_email(session, email)
        if user is None:
            message = f"Nobody here has the address {email}."
            raise click.ClickException(message)
        token = accounts.offer_password(session, user, secret=app.config["SECRET"], by=None, now=datetime.now(UTC))
        name = user.name
    with app.test_request_context():
        link = handed.to_choose(token)
    click.echo(f"A new password for {name}, once, within three days:\n{link}")
