"""Who is asking: staff through Flask-Login, patients through their invitation. One server-side row each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user, logout_user

from intake.security import tokens
from intake.store import sessions
from intake.store.people import User
from intake.store.sessions import Login
from intake.web import clock
from intake.web.database import READS, session, writing

STAFF_IDLE, STAFF_LONGEST = timedelta(minutes=15), timedelta(hours=12)
PATIENT_IDLE, PATIENT_LONGEST = timedelta(minutes=30), timedelta(hours=4)
SEEN_EVERY = timedelta(minutes=1)
SESSION_TOKEN, PATIENT = "session-token", "patient"
manager = LoginManager()
manager.session_protection = None  # its address check signs out people on mobile networks; the row is the check


@dataclass(frozen=True, slots=True)
class Visitor:
    """A patient who came in with an invitation: known by the visit it is for."""

    id: uuid.UUID
    visit_id: uuid.UUID
    patient_id: uuid.UUID
    login: Login


class Member:
    """A signed-in person of the clinic, as Flask-Login wants to see one."""

    is_authenticated, is_anonymous = True, False

    def __init__(self, token: str, login: Login, user: User) -> None:
        self.token, self.login, self.user = token, login, user
        self.is_active = user.is_active

    def get_id(self) -> str:
        """The session's token: the cookie names a session, never a person."""
        return self.token


def attach(app: Flask) -> None:
    """Give the app its sign-in."""
    manager.init_app(app)


def hashed(token: str) -> str:
    """What is stored in place of a session token."""
    return tokens.keyed_hash(current_app.config["SECRET"], SESSION_TOKEN, token)


@manager.user_loader
def _member(token: str) -> Member | None:
    login = _live(token, STAFF_IDLE, STAFF_LONGEST)
    if login is None or login.user is None or not login.user.is_active:
        return None
    return Member(token, login, login.user)


def _live(token: str, idle: timedelta, longest: timedelta) -> Login | None:
    login = sessions.find(session, hashed(token))
    now = clock.now()
    if login is None or login.ended_at is not None or now - login.seen_at > idle or now - login.started_at > longest:
        return None
    if now - login.seen_at > SEEN_EVERY:
        _touch(login)
    return login


def _touch(login: Login) -> None:
    """Note that the session is in use.

    A page that is only read does so in a short write of its own. One that writes holds SQLite's only lock already and
    would wait for itself: there the note travels with the act.
    """
    if request.method not in READS:
        login.seen_at = clock.now()
        return
    with writing() as other:
        found = other.get(Login, login.id)
        if found is not None:
            found.seen_at = clock.now()
            other.commit()


def sign_in(token: str, login: Login, user: User) -> None:
    """Put a fresh session into the cookie; whatever it held before is gone."""
    cookie.clear()
    login_user(Member(token, login, user))


def sign_out() -> None:
    """Empty the cookie."""
    logout_user()
    cookie.clear()


def staff() -> User | None:
    """The signed-in person of the clinic."""
    return current_user.user if isinstance(current_user._get_current_object(), Member) else None  # noqa: SLF001 - a LocalProxy's own way


def login() -> Login | None:
    """The session row of the signed-in person."""
    return current_user.login if staff() is not None else None


def token() -> str:
    """The token of whoever is in, staff or patient; empty when the cookie holds none. It may have ended."""
    return str(cookie.get(PATIENT) or cookie.get("_user_id") or "")


def let_in(token: str) -> None:
    """Put a patient's fresh session into the cookie."""
    cookie.clear()
    cookie[PATIENT] = token


def visitor() -> Visitor | None:
    """The patient who is answering, while the session lives."""
    if "visitor" not in g:
        g.visitor = _visitor()
    return cast("Visitor | None", g.visitor)


def _visitor() -> Visitor | None:
    token = cookie.get(PATIENT)
    login = _live(token, PATIENT_IDLE, PATIENT_LONGEST) if token else None
    if login is None or login.invitation is None or login.invitation.revoked_at is not None:
        return None
    visit = login.invitation.visit
    return Visitor(login.invitation.id, visit.id, visit.patient_id, login)
