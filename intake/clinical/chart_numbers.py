"""A number to call a chart by where a name would say too much: the beginning of its id."""

from __future__ import annotations

import re
from uuid import UUID

DIGITS = 8
TYPED = re.compile(r"[0-9a-f]{8,32}")


def chart_number(patient_id: UUID) -> str:
    """As "3F2A-91C0"."""
    start = patient_id.hex[:DIGITS].upper()
    return f"{start[:4]}-{start[4:]}"


def ids(typed: str) -> tuple[UUID, UUID] | None:
    """The first and the last id a typed number can stand for; a whole id does as well. None for what is no number."""
    plain = re.sub(r"[\s-]", "", typed).lower()
    if not TYPED.fullmatch(plain):
        return None
    return UUID(plain.ljust(32, "0")), UUID(plain.ljust(32, "f"))
