"""How soon after a visit its note is due: the same day, with a warning after 24 hours and a late entry after 48.

These limits are a choice of this product. What is said of a late entry follows the record-keeping principles of
Medicare: it is marked as such for good, with the date of the visit, the date it was begun, the reason and the source.
The server's clock alone counts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from intake.forms import reader
from intake.forms.model import Form

WARN_AFTER: Final = timedelta(hours=24)
LATE_AFTER: Final = timedelta(hours=48)


def is_late(visit_at: datetime, at: datetime) -> bool:
    """Whether what is begun, or signed, at that moment is late for the visit."""
    return at - visit_at > LATE_AFTER


def is_due(visit_at: datetime, at: datetime) -> bool:
    """Whether a note of the visit that is not signed at that moment is worth a warning."""
    return at - visit_at > WARN_AFTER


def form_of(form: Form, visit_at: datetime, begun_at: datetime) -> Form:
    """The form of a note that is begun at that moment: one that is late says why, and what it is written from."""
    return reader.begun_late(form) if is_late(visit_at, begun_at) else form


def is_late_form(name: str) -> bool:
    """Whether a note of that form was begun late."""
    return name.endswith(reader.LATE)


def kind_of(name: str) -> str:
    """The kind of a note of that form, begun late or not."""
    return name.removesuffix(reader.LATE)
