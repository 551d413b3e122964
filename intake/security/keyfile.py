"""Files that hold keys: how a ring of root keys is written, and which files are private enough to be believed."""

from __future__ import annotations

import fcntl
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intake.security.keys import KeyRing, RootKey

OTHERS = stat.S_IRWXG | stat.S_IRWXO
WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
BIGGEST = 64 * 1024
HEADER = (
    "# The root keys of a Fernleaf clinic, newest first. Whoever has them and the database can open every record.\n"
    "# Keep them apart from the database and its copies.\n"
)
ENTRY = re.compile(r"(?:([0-9a-f]{8})\s+)?([0-9a-f]{64})")


class KeySourceError(Exception):
    """The root key cannot be had; the message says why and how to mend it, in one sentence."""


def written(ring: KeyRing) -> str:
    """The ring as text, a line "id secret" for each root key, newest first."""
    return HEADER + "".join(f"{root.id} {root.secret.hex()}\n" for root in (ring.current, *ring.older))


def parsed(text: str, where: str) -> KeyRing:
    """The ring in a text of lines or of entries between commas; KeySourceError names `where` when it holds none."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    entries = [entry.strip() for line in lines for entry in line.split(",")]
    roots = [_root(entry, where) for entry in entries if entry]
    if not roots:
        message = (
            f"{where} holds no root key: put the key back, or type in the recovery sheet with `flask keys recover`."
        )
        raise KeySourceError(message)
    return KeyRing(roots[0], tuple(roots[1:]))


def _root(entry: str, where: str) -> RootKey:
    match = ENTRY.fullmatch(entry.lower())
    root = RootKey.of(bytes.fromhex(match[2])) if match else None
    if match is None or root is None or match[1] not in {None, root.id}:
        message = f"{where} is damaged: a root key is 64 hexadecimal digits that fit the key id in front of them."
        raise KeySourceError(message)
    return root


def reason_against(path: Path, data: Path | None) -> str | None:
    """Why a file must not be believed to hold keys, as a sentence; None for a good one.

    `data` is the folder of the database: whoever copies it must not get the keys along with the records.
    """
    real = path.resolve()
    if data is not None and real.is_relative_to(data.resolve()):
        return (
            f"The key file {path} lies inside the data folder {data}: move it elsewhere and set KEY_FILE to its place."
        )
    try:
        status, folder = real.stat(), real.parent.stat()
    except OSError:
        return (
            f"There is no key file {path}: put it back, set KEY_FILE, or make one for a new clinic: `flask keys init`."
        )
    if not stat.S_ISREG(status.st_mode):
        return f"{path} is no plain file: set KEY_FILE to one."
    if status.st_uid != os.geteuid():
        return f"{path} belongs to somebody else: run chown {os.geteuid()} on it."
    if status.st_mode & OTHERS:
        return f"Others can read {path}: run chmod 400 on it."
    if folder.st_mode & WRITABLE_BY_OTHERS and not folder.st_mode & stat.S_ISVTX:
        return f"Others can replace {path}: run chmod 700 on the folder {real.parent}."
    return None


def read(path: Path, data: Path | None) -> bytes:
    """What a private file holds; KeySourceError when it is missing or not private."""
    if reason := reason_against(path, data):
        raise KeySourceError(reason)
    try:
        with path.open("rb") as file:
            return file.read(BIGGEST)
    except OSError:
        message = f"{path} cannot be read: run chmod 400 on it."
        raise KeySourceError(message) from None


def write(path: Path, content: bytes, data: Path | None) -> None:
    """Put the content there for its owner alone (0400), whole or not at all, whatever happens on the way."""
    if data is not None and path.resolve().is_relative_to(data.resolve()):
        raise KeySourceError(str(reason_against(path, data)))
    try:
        make_folder(path.parent)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o400)
            os.fsync(file.fileno())
        draft.replace(path)
        _settle(path.parent)
    except OSError as error:
        message = f"The key file {path} cannot be written ({error.strerror}): set KEY_FILE to a place that can."
        raise KeySourceError(message) from None


def make_folder(folder: Path) -> None:
    """Make the folder and those above it, for their owner alone; what is there stays as it is."""
    for each in reversed([folder, *folder.parents]):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else changes the key file meanwhile; KeySourceError when somebody is at it."""
    make_folder(path.parent)
    with os.fdopen(os.open(path.with_name(f"{path.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"Somebody else is changing the keys of {path}: wait until that is done, then try again."
            raise KeySourceError(message) from None
        yield
