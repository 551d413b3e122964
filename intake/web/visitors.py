"""Patients who came in with an invitation: a row a sitting, which ends early rather than late."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import g, request
from flask import session as cookie

from intake.store import sessions
from intake.store.sessions import Login
from intake.web import clock, identity
from intake.web.database import READS, session, writing

IDLE, IDLE_SHARED, LONGEST = timedelta(minutes=10), timedelta(minutes=5), timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=1)
PATIENT = "patient"
FORMS = "csrf_token"  # what form tokens are made from, as Flask-WTF calls it


@dataclass(frozen=True, slots=True)
class Visitor:
    """A patient who came in with an invitation: known by the visit it is for."""

    id: uuid.UUID
    visit_id: uuid.UUID
    patient_id: uuid.UUID
    login: Login


def let_in(token: str, *, again: bool = False) -> None:
    """Put a patient's fresh session into the cookie; whatever it held before is gone.

    Who comes in `again` for the same visit may have pages of it open: their form tokens stay good.
    """
    held = {FORMS: cookie[FORMS]} if again and FORMS in cookie else {}
    cookie.clear()
    cookie.update({PATIENT: token, **held})


def token() -> str:
    """The token the browser holds; empty when it holds none."""
    return str(cookie.get(PATIENT, ""))


def link() -> str:
    """Which invitation she came in with, as her answers are marked with it; empty when nobody has come in."""
    found = visitor()
    return str(found.id) if found else ""


def mark() -> str:
    """What tells the answers of this sitting from those of others, on another device at the same time too."""
    found = visitor()
    return found.login.id.hex[:12] if found else ""


def sitting() -> Login | None:
    """The sitting of the patient who is answering; None when nobody has come in."""
    found = visitor()
    return found.login if found else None


def visitor() -> Visitor | None:
    """The patient who is answering, while her sitting lasts."""
    if "visitor" not in g:
        g.visitor = _visitor()
    return cast("Visitor | None", g.visitor)


def lapsed() -> Login | None:
    """The sitting of this browser that has gone idle or grown too old, but was not ended."""
    login = _login()
    return login if login is not None and not _is_fresh(login, clock.now()) else None


def cut_off() -> Login | None:
    """The sitting of this browser whose link the clinic has ended; None where she left it herself."""
    login = _kept()
    return login if login is not None and _ended_with_link(login) is not None else None


def was_open(login: Login) -> bool:
    """Whether a sitting was still going on when its link was ended."""
    at = _ended_with_link(login)
    return at is not None and _is_fresh(login, at)


def idle_after(login: Login) -> timedelta:
    """After how long without a sign of her a sitting is over."""
    return IDLE_SHARED if login.shared else IDLE


def stay() -> None:
    """She has just done something: the sitting lasts on. Written once a minute at most, in a short write of its own.

    A request that writes has one session for everything: its own would wait for SQLite's only lock.
    """
    found = visitor()
    if found is None or clock.now() - found.login.seen_at <= SEEN_EVERY:
        return
    g.stayed_at = clock.now()
    if request.method not in READS:
        found.login.seen_at = g.stayed_at
        session.commit()
        return
    with writing() as other:
        other.get_one(Login, found.login.id).seen_at = g.stayed_at
        other.commit()


def left() -> int | None:
    """Seconds until her sitting is over if nothing more is done; None when nobody has come in."""
    found = visitor()
    if found is None:
        return None
    login = found.login
    seen: datetime = g.get("stayed_at", login.seen_at)
    end = min(seen + idle_after(login), login.started_at + LONGEST)
    return max(0, round((end - clock.now()).total_seconds()))


def until() -> datetime | None:
    """Until when the link she came in with works."""
    found = visitor()
    return found.login.invitation.expires_at if found and found.login.invitation else None


def _visitor() -> Visitor | None:
    login = _login()
    if login is None or login.invitation is None or not _is_fresh(login, clock.now()):
        return None
    g.login_id = login.id
    visit = login.invitation.visit
    return Visitor(login.invitation.id, visit.id, visit.patient_id, login)


def _login() -> Login | None:
    login = _kept()
    return login if login is not None and _ended_with_link(login) is None else None


def _kept() -> Login | None:
    """The sitting whose token this browser holds, unless it was ended."""
    held = token()
    login = sessions.find(session, identity.hashed(held)) if held else None
    return login if login is not None and login.invitation is not None and login.ended_at is None else None


def _ended_with_link(login: Login) -> datetime | None:
    return login.invitation.revoked_at if login.invitation is not None else None


def _is_fresh(login: Login, at: datetime) -> bool:
    return at - login.seen_at <= idle_after(login) and at - login.started_at <= LONGEST
