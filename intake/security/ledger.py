"""The shred ledger: which patients' keys were destroyed, in a file outside the database that only grows.

An older backup still holds those keys. Whoever restores one replays the ledger, and they are destroyed again.
A line is the day and a keyed hash, so the file names nobody.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from intake.security import tokens
from intake.security.keyfile import make_folder

SUFFIX = ".shredded"
NAME = f"fernleaf{SUFFIX}"  # never that of the key file, which changes with its provider
LACKS = (
    "{number} erasures in the audit trail are missing from the ledger {path}: put its newest copy there or set "
    "SHRED_LEDGER to its place, or if no copy is left, run `flask keys replay --rebuild`."
)


def mark(patient_id: uuid.UUID, key: bytes) -> str:
    """What stands in the ledger for a patient."""
    return tokens.keyed_hash(key, "shred-ledger", str(patient_id))


def add(path: Path, patient_id: uuid.UUID, *, key: bytes, on: date) -> None:
    """Write a line and see it onto the disk; OSError when that cannot be done."""
    make_folder(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{on.isoformat()} {mark(patient_id, key)}\n")
        file.flush()
        os.fsync(file.fileno())


def marks(path: Path) -> frozenset[str]:
    """Every mark in the ledger; none when nothing was ever shredded. OSError when it cannot be read.

    Any other ledger beside it counts as well: it was named after a key file once, or is another clinic's, whose marks
    are of another key and fit nobody here.
    """
    ledgers = {path, *path.parent.glob(f"*{SUFFIX}")}
    texts = [each.read_text(encoding="ascii", errors="replace") for each in ledgers if each.exists()]
    return frozenset(line.split()[-1] for text in texts for line in text.splitlines() if line.strip())


def missing(patients: Iterable[uuid.UUID], path: Path, key: bytes) -> list[uuid.UUID]:
    """Those whom the ledger lacks."""
    found = marks(path)
    return [each for each in patients if mark(each, key) not in found]
