"""What `make run` and `make secret` run before the app starts: it does not start without a root key."""

from __future__ import annotations

import sys

import click

from intake.cli.keys.first import make_key
from intake.config import ConfigError
from intake.security.keyfile import KeySourceError


def main() -> None:
    """Make the key when it is missing. With --demo also over a used database, which the demo replaces anyway."""
    try:
        told = make_key(even_if_used="--demo" in sys.argv)
    except (ConfigError, KeySourceError) as problem:
        sys.exit(str(problem))
    if told:
        click.echo(told)


if __name__ == "__main__":
    main()
