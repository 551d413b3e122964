"""flask keys status, init, unlock: where the root keys are, and how they get there."""

from __future__ import annotations

import os
import sys

import click

from intake.cli.keys.first import is_used
from intake.cli.keys.group import chosen_anew, keys, noted, wrapped
from intake.config import database_address, key_settings
from intake.security import keyfile, ledger, unlocking
from intake.security.keys import KeyRing
from intake.security.providers import table
from intake.security.providers.settings import Settings
from intake.security.providers.table import PROVIDERS


@keys.command()
def status() -> None:
    """Say where the root keys are kept, what that stops, and which data keys hang on which."""
    settings = key_settings()
    provider, kind = table.chosen(settings), PROVIDERS[settings.provider]
    click.echo(f"Provider:           {settings.provider} ({provider.where})")
    click.echo(f"It stops:           {kind.stops}")
    click.echo(f"It does not stop:   {kind.does_not_stop}")
    click.echo(f"Ledger of erasures: {settings.ledger} ({len(ledger.marks(settings.ledger))} lines)")
    if problem := provider.problem():
        raise click.ClickException(problem)
    if settings.provider == "passphrase":
        click.echo("The keys are under a passphrase; this command does not ask for it.")
    else:
        ring = provider.read()
        click.echo(f"Root key in use:    {ring.current.id}")
        click.echo(f"Older root keys:    {', '.join(root.id for root in ring.older) or 'none'}")
    for root_id, number in sorted(wrapped().items()):
        click.echo(f"Data keys:          {number:,} under {root_id}")


@keys.command()
@click.argument("provider", type=click.Choice(["file", "passphrase", "kms"]))
def init(provider: str) -> None:
    """Make a root key with PROVIDER, or bring the one there is to it.

    A ring that the settings lead to is taken along: moving from a file to a passphrase keeps every record readable.
    """
    settings = key_settings()
    before = table.chosen(settings)
    wanted = _settings_for(provider)
    target = chosen_anew(wanted)
    with keyfile.alone(wanted.file):
        if target.exists():
            message = f"{target.where} is there already: move it away first, or set KEY_FILE to another place."
            raise click.ClickException(message)
        ring = before.read() if before.exists() else _first_ring()
        noted(ring, "keys.moved")
        target.write(ring)
        if target.read() != ring:  # seen once before anybody relies on it
            message = f"{target.where} does not give back what was written: the old keys were left as they are."
            raise click.ClickException(message)
    click.echo(f"The root key {ring.current.id} is in {target.where}.")
    if settings.provider != provider:
        click.echo(f"Set KEY_PROVIDER={provider} and KEY_FILE={wanted.file}, start again, then remove {before.where}.")


def _settings_for(provider: str) -> Settings:
    environ = {**os.environ, "KEY_PROVIDER": provider}
    given, kept = environ.get("KEY_FILE"), key_settings().provider
    if given and kept != provider:
        environ["KEY_FILE"] = f"{given}.{provider}"
    return key_settings(environ)


def _first_ring() -> KeyRing:
    if is_used(database_address()):
        message = "The database holds records whose root key is missing: bring it back with `flask keys recover`."
        raise click.ClickException(message)
    return KeyRing(table.new_root())


@keys.command()
def unlock() -> None:
    """Hand the passphrase to the server that waits for it."""
    given = click.prompt("Passphrase of the keys", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    if not unlocking.hand_over(key_settings().socket, str(given).rstrip("\n")):
        message = "This passphrase does not open the keys. The server still waits."
        raise click.ClickException(message)
    click.echo("Unlocked: the server starts.")
