"""flask people: what helps when nobody can sign in any more."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from sqlalchemy.orm import Session

from intake.actions import accounts, resets
from intake.actions.refusals import RefusedError
from intake.cli.plain import PlainGroup
from intake.security.policy import Role
from intake.store import people as stored
from intake.store import resets as stored_resets
from intake.store.people import User
from intake.web import handed

people = PlainGroup("people", help="The people who sign in.")


@people.command()
@click.argument("email")
def password(email: str) -> None:
    """Print a link with which the person with this EMAIL chooses a new password within three days."""
    app = current_app
    with Session(app.extensions["engine"]) as session:
        user = _person(session, email)
        token = accounts.offer_password(session, user, secret=app.config["SECRET"], by=None, now=datetime.now(UTC))
        name = user.name
    _say_link(name, token, "three days")


@people.command()
@click.argument("email")
def reset(email: str) -> None:
    """Let the person with this EMAIL start afresh who lost every way to sign in. It asks for the owner's key."""
    app = current_app
    with Session(app.extensions["engine"]) as session:
        user = _person(session, email)
        name, typed = user.name, click.prompt("The owner's key", hide_input=True)
        token, key = resets.start_afresh(session, user, typed, secret=app.config["SECRET"], now=datetime.now(UTC))
        _keep(session)
    _say_link(name, token, "24 hours")
    _say(key)


@people.command("owner-key")
def owner_key() -> None:
    """Make a new owner's key and print it; the one before works no more."""
    app = current_app
    with Session(app.extensions["engine"]) as session:
        key = resets.make_owner_key(session, secret=app.config["SECRET"], by=None, now=datetime.now(UTC))
        _keep(session)
    _say(key)


def _say_link(name: str, token: str, within: str) -> None:
    with current_app.test_request_context():
        link = handed.to_choose(token)
    click.echo(f"A new password for {name}, once, within {within}:\n{link}")


def _keep(session: Session) -> None:
    """What is printed here does not get lost on its way."""
    key = stored_resets.offered_owner_key(session)
    resets.keep_owner_key(session, str(key.id) if key else "", by=None, now=datetime.now(UTC))


def _say(key: str) -> None:
    click.echo(f"The new owner's key. Write it down now, it is shown this once; the one before works no more.\n{key}")


@people.command()
@click.argument("email")
@click.argument("role", type=click.Choice([str(role) for role in Role]))
def role(email: str, role: str) -> None:
    """Give the person with this EMAIL one ROLE more: an administrator cannot do that for themselves."""
    with Session(current_app.extensions["engine"]) as session:
        user = _person(session, email)
        try:
            accounts.give_role(session, user, Role(role), now=datetime.now(UTC))
        except RefusedError as refusal:
            raise click.ClickException(str(refusal)) from None
        click.echo(f"{user.name} is now: {', '.join(user.roles)}.")


def _person(session: Session, email: str) -> User:
    user = stored.user_by_email(session, email)
    if user is None:
        message = f"Nobody here has the address {email}."
        raise click.ClickException(message)
    return user
