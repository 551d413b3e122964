"""What the demo says at its end: how to get in, as whom, and what is there to be tried."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

import click

from intake.cli.demo import access, people
from intake.cli.demo.access import Keys

CODES = 2  # recovery codes of each person that are told


def tell(url: str, password: str, keys: Mapping[str, Keys], code: str, plan: Path) -> None:
    """Everything somebody needs who has never seen Fernleaf; nothing of it outlives the run."""
    click.echo(f"\nThe care plan that was printed: {os.path.relpath(plan)}")
    click.echo(f"\nSign in at {url}/sign-in. What follows was made for this run.\n\n  password of all: {password}\n")
    for person in people.STAFF:
        mine = keys[person.nick]
        click.echo(f"  {person.email:24} {', '.join(person.roles):14} app key {mine.text}")
        click.echo(f"  {'':24} {'':14} recovery codes {'  '.join(mine.paper[:CODES])}")
    click.echo(
        "\nAfter the password comes a second step: six digits, or a recovery code (each works once)."
        f"\nAny authenticator app that is given the key shows the digits. Now they are:\n  {access.due(keys)}"
    )
    born = f"{people.BORN:%B} {people.BORN.day}, {people.BORN.year}"
    click.echo(f"\n{people.LATER} (born {born}) has not answered yet:\n  {url}/f#{code}\n")


def show_digits(keys: Mapping[str, Keys]) -> None:
    """Keep everybody's six digits on the screen, so that nobody needs an app to try the clinic out."""
    while True:
        click.echo(f"\rSecond step: {access.due(keys)} ", nl=False)
        time.sleep(1)
