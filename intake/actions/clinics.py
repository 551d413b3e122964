"""What an administrator changes about the clinic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError, StaleError
from intake.store import audit, people
from intake.store.people import Clinic, Location, User


def change(
    session: Session, clinic: Clinic, settings: Mapping[str, object], *, over: int, by: User, now: datetime
) -> None:
    """Keep new settings over version `over`."""
    if clinic.version != over:
        raise StaleError
    for name, value in settings.items():
        setattr(clinic, name, value)
    audit.record(session, "clinic.changed", actor=by, now=now)
    session.commit()


def add_location(session: Session, name: str, address: str, *, by: User, now: datetime) -> Location:
    """A new place where people are seen."""
    if any(place.name.casefold() == name.casefold() for place in people.locations(session)):
        message = "There is a place with this name already."
        raise RefusedError(message)
    location = Location(name=name, address=address)
    session.add(location)
    session.flush()
    audit.record(session, "location.added", actor=by, subject=location, now=now)
    session.commit()
    return location
