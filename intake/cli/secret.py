"""The key that signs cookies and hashes codes. Run as a module: the app itself does not start without one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from intake.config import secret_path


def make_secret(path: Path) -> bool:
    """Write a new secret only the owner can read; False when there is one."""
    for folder in reversed([path.parent, *path.parent.parents]):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return True


def main() -> None:
    """Make the file unless the key comes from the environment or is there already."""
    path = secret_path()
    if not os.environ.get("SECRET_KEY") and make_secret(path):
        click.echo(
            f"Made the secret key {path}: sessions and invitations hang on it. "
            "Keep it apart from copies of the database."
        )


if __name__ == "__main__":
    main()
