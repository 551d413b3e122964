"""flask people: what helps when nobody can sign in any more."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
from flask import current_app
from sqlalchemy.orm import Session

from intake.actions import accounts, resets
from intake.actions.refusals import RefusedError
from intake.cli.plain import PlainGroup
from intake.security.policy import Role
from intake.store import people as stored
from intake.store.people import User
from intake.web import handed

IN_FORCE = "This is in force now."  # without this line what is printed above it never worked
UNSEEN = "It could not be printed ({why}): nothing that works now was taken away."
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
    _print(_with_link(name, token, "three days"))


@people.command()
@click.argument("email")
def reset(email: str) -> None:
    """Let the person with this EMAIL start afresh who lost every way to sign in. It asks for the owner's key."""
    app = current_app
    with Session(app.extensions["engine"]) as session:
        user = _person(session, email)
        name, typed = user.name, click.prompt("The owner's key", hide_input=True)

        def show(token: str, key: str) -> None:
            _print(_with_link(name, token, "24 hours"), _with_key(key))

        resets.start_afresh(session, user, typed, secret=app.config["SECRET"], show=show, now=datetime.now(UTC))
    click.echo(IN_FORCE)


@people.command("owner-key")
def owner_key() -> None:
    """Make a new owner's key and print it; the one before works no more."""
    app = current_app
    with Session(app.extensions["engine"]) as session:
        resets.replace_owner_key(
            session, secret=app.config["SECRET"], show=lambda key: _print(_with_key(key)), now=datetime.now(UTC)
        )
    click.echo(IN_FORCE)


def _with_link(name: str, token: str, within: str) -> str:
    with current_app.test_request_context():
        return f"A new password for {name}, once, within {within}:\n{handed.to_choose(token)}"


def _with_key(key: str) -> str:
    return f"The new owner's key. Write it down now, it is shown this once; the one before works no more.\n{key}"


def _print(*parts: str) -> None:
    """Print what can be read nowhere else, before it counts: what did not go out must not take a place."""
    if sys.stdout is None:  # closed, and click says nothing about it
        raise click.ClickException(UNSEEN.format(why="there is no output"))
    try:
        click.echo("\n".join(parts))
    except OSError as problem:
        raise click.ClickException(UNSEEN.format(why=problem.strerror)) from None


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
