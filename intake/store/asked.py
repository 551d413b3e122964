"""Whether the database handed over the very row that was asked for.

A bound row (binding.py) says what we wrote, and can still be another's: whoever changes how a database compares words
has it find a colleague's session by one's own token. So what says who somebody is, or what is theirs, is compared here
once more.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from intake.store.binding import ForgedError

Found = TypeVar("Found")


def as_asked(found: Found, **asked: object) -> Found:
    """What was found, a row, its columns by name, or None; ForgedError when it is not what it was asked for by."""
    if found is not None and any(_of(found, name) != value for name, value in asked.items()):
        row = f"{getattr(found, '__tablename__', 'a row')} {_of(found, 'id')}"
        raise ForgedError(row, _patient_of(found))
    return found


def _of(found: Any, name: str) -> Any:
    return found[name] if isinstance(found, Mapping) else getattr(found, name)


def _patient_of(found: Any) -> uuid.UUID | None:
    return found.get("patient_id") if isinstance(found, Mapping) else getattr(found, "patient_id", None)
