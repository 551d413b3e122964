"""Where the root key lies unless somebody says otherwise: among the owner's settings, never with the data."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
from collections.abc import Iterator, Mapping
from pathlib import Path

SUFFIXES = {"file": "key", "passphrase": "locked", "kms": "wrapped"}


def key_name(database: str, provider: str) -> str:
    """The name of the key file that belongs to a database: each has a root key of its own.

    `database` is the path of an SQLite file, or a PostgreSQL address without its password.
    """
    stem = Path(database).stem.split("?")[0] or "fernleaf"
    return f"{stem}-{hashlib.sha256(database.encode()).hexdigest()[:8]}.{SUFFIXES.get(provider, 'key')}"


def key_file(name: str, *, data: Path | None, code: Path, environ: Mapping[str, str]) -> Path:
    """The key file of that name that is there, or else the first place where one could be made.

    `code` is the project's folder: the place of last resort where an account has no home, as in many containers.
    """
    places = [folder for folder in _folders(code, environ) if data is None or not _is_inside(folder, data)]
    for folder in places:
        if (folder / name).exists():
            return folder / name
    usable = [folder for folder in places if _can_write(folder)]
    return (usable or places or [code / ".keys"])[0] / name


def _folders(code: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    for name, below in (("XDG_CONFIG_HOME", ""), ("HOME", ".config")):
        if (given := environ.get(name, "")) and Path(given).is_absolute():
            yield Path(given) / below / "fernleaf"
    with contextlib.suppress(KeyError):  # an account without a name, as containers use them
        yield Path(pwd.getpwuid(os.geteuid()).pw_dir) / ".config" / "fernleaf"
    yield code / ".keys"


def _is_inside(folder: Path, data: Path) -> bool:
    return folder.resolve().is_relative_to(data.resolve())


def _can_write(folder: Path) -> bool:
    """Whether the folder is ours to write in, or could be made; "/" does not count as anybody's home."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return there != Path("/") and there.is_dir() and os.access(there, os.W_OK | os.X_OK)
