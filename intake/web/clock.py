"""What time it is, for the request: asked once, in UTC and as the clinic's day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import g

from intake.security.seal import SealError
from intake.store import people
from intake.store.people import Clinic
from intake.web.database import Unreachable, session


def now() -> datetime:
    """The moment of this request, in UTC."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return cast("datetime", g.now)


def clinic() -> Clinic | None:
    """The clinic, or None before it was set up. ForgedError when its row is not as we wrote it."""
    if "clinic" not in g:
        g.clinic = people.clinic(session)
    return cast("Clinic | None", g.clinic)


def leave_to() -> str:
    """Where the quick exit leads: to a neutral site, whatever is wrong with the one that the clinic chose."""
    try:
        found = clinic()
    except (Unreachable, SealError):
        return people.NEUTRAL
    return found.leave_to if found else people.NEUTRAL


def zone() -> ZoneInfo:
    """The clinic's time zone."""
    if "zone" not in g:
        found = clinic()
        g.zone = ZoneInfo(found.time_zone if found else "UTC")
    return cast("ZoneInfo", g.zone)


def today() -> date:
    """The clinic's date today."""
    return now().astimezone(zone()).date()
