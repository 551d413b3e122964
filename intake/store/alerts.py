"""Telling somebody of a warning sign: whom, as the clinic stands now, and the mail that is queued for them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from intake.clinical import alerts
from intake.clinical.triage.safety import SAFETY_RULES
from intake.forms.model import Tier
from intake.security.policy import Permission, may
from intake.security.seal import SealError
from intake.store import flags, outbox, people, scope
from intake.store.flags import Flag
from intake.store.people import Clinic, User

NEVER = frozenset(rule.id for rule in SAFETY_RULES)  # these speak of safety at home: no list and no mail has them


def due(flag: Flag, clinic: Clinic) -> datetime | None:
    """When the next person is told of it; None for never. SealError when it cannot be read."""
    if flag.rule in NEVER or flag.closed_at or flag.acknowledged_at:
        return None
    return alerts.due(clinic.times, flag.severity, flag.alerted_at or flag.opened_at)


def first(session: Session, flag: Flag, clinic: Clinic | None, now: datetime) -> None:
    """Queue the mail to the owner with the entry that is just being opened, or given to them."""
    if clinic is not None and due(flag, clinic) is not None:
        told = next_person(session, flag, clinic, 0, None, now)
        if told is not None and told.id != flag.owner_id:
            flags.note_told(session, flag, told.id)
        _mail(session, told, clinic, now)


def another(session: Session, flag: Flag, clinic: Clinic, now: datetime) -> User | None:
    """Tell the next person and count it; None when somebody took the entry on meanwhile, or there is nobody."""
    told = next_person(session, flag, clinic, flag.alerts + 1, flag.alerted_id or flag.owner_id, now)
    if told is None or not flags.note_alert(session, flag, told.id, now):
        return None
    _mail(session, told, clinic, now)
    return told


def _mail(session: Session, told: User | None, clinic: Clinic, now: datetime) -> None:
    """Queue the mail, unless the clinic wants none: then the count on the page of the day is all there is."""
    if told is not None and clinic.staff_mail:
        outbox.notify(session, told.id, now)


def next_person(
    session: Session, flag: Flag, clinic: Clinic, told: int, last: UUID | None, now: datetime
) -> User | None:
    """Whom to tell after so many were told, that one last. Nobody is told of an entry they could not open, but admins.

    An administrator is told that somebody has to be found, and sees how many entries wait, never which. Of one that
    speaks of violence nobody outside the care team is told.
    """
    first = [each for each in (flag.owner_id, *map(UUID, clinic.on_call)) if each is not None]
    able = {user.id: user for user in _able(session, first, flag, now)}
    admins: dict[UUID, User] = {}
    if flag.because_tier != Tier.SAFETY:
        with suppress(SealError):
            admins = {user.id: user for user in people.admins(session)}
    found = alerts.next_one(told, last, first, list(admins), able)
    return None if found is None else {**admins, **able}[found]


def _able(session: Session, ids: Iterable[UUID], flag: Flag, now: datetime) -> list[User]:
    """Those of the people who could open it. Whose row does not hold is passed over: it must stop no reminder."""
    found = []
    for user_id in ids:
        with suppress(SealError):
            user = people.user(session, user_id)
            found += [user] if user is not None and can_act(session, user, flag, now) else []
    return found


def can_act(session: Session, user: User, flag: Flag, now: datetime) -> bool:
    """Whether somebody who works here could open the entry now."""
    if not user.is_active:
        return False
    user.standing = scope.standing(session, user.id, now)
    return may(user, Permission.ACT_ON_FLAG, flag)
