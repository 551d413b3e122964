"""What an administrator changes about the clinic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError, StaleError
from intake.security.policy import Role
from intake.store import audit, people
from intake.store.people import Clinic, Location, User

MOST_HOLIDAYS = 200
ALERTS = "clinic.alerts-changed"


def change(
    session: Session,
    clinic: Clinic,
    settings: Mapping[str, object],
    *,
    action: str = "clinic.changed",
    over: int,
    by: User,
    now: datetime,
) -> None:
    """Keep new settings over version `over`; `action` is what the trail calls it."""
    if clinic.version != over:
        raise StaleError
    for name, value in settings.items():
        setattr(clinic, name, value)
    audit.record(session, action, actor=by, now=now)
    session.commit()


def name_safety_lead(
    session: Session, clinic: Clinic, lead: User | None, *, over: int, by: User, now: datetime
) -> None:
    """Name the therapist who looks after safety, over version `over`; None for nobody.

    It opens what patients answered alone, so nobody names themselves.
    """
    if clinic.version != over:
        raise StaleError
    if lead is not None and lead.id == by.id:
        message = "You cannot name yourself. Ask another administrator."
        raise RefusedError(message)
    if lead is not None and not (lead.is_active and Role.THERAPIST in lead.roles):
        message = "Only a therapist who may sign in can look after safety."
        raise RefusedError(message)
    clinic.safety_lead_id = lead.id if lead else None
    audit.record(session, "clinic.safety-lead", actor=by, subject=lead, now=now)
    session.commit()


def add_holiday(session: Session, clinic: Clinic, day: date, name: str, *, by: User, now: datetime) -> None:
    """A day on which the clinic is closed."""
    if any(kept == day.isoformat() for kept, _name in clinic.holidays):
        message = "This day is in the list already."
        raise RefusedError(message)
    if len(clinic.holidays) >= MOST_HOLIDAYS:
        message = "There are too many days in the list. Please take old ones out first."
        raise RefusedError(message)
    clinic.holidays = sorted([*clinic.holidays, [day.isoformat(), name]])
    audit.record(session, ALERTS, actor=by, now=now)
    session.commit()


def remove_holiday(session: Session, clinic: Clinic, day: date, *, by: User, now: datetime) -> None:
    """Work on that day after all. A day that is not in the list changes nothing."""
    clinic.holidays = [each for each in clinic.holidays if each[0] != day.isoformat()]
    audit.record(session, ALERTS, actor=by, now=now)
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
