"""The key that signs cookies and hashes codes. Run as a module: the app itself does not start without one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from intake.config import secret_path


def make_secret(path: Path) -> bool:
    """Write a new secret only the owner can read; False when there is one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return True


if __name__ == "__main__" and make_secret(secret_path()):
    click.echo(f"Made the secret key {secret_path()}. Whoever can read it and the database can read everything.")
