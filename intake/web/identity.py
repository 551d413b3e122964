"""Which colleague is asking: Flask-Login on a server-side row each. Patients are known in visitors.py."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user, logout_user

from intake.security import devices, tokens
from intake.store import factors, sessions
from intake.store.people import User
from intake.store.sessions import STAFF_LONGEST, Login
from intake.web import clock
from intake.web.database import READS, let_go, session, writing

STAFF_IDLE, HALFWAY, FRESH = timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=5)
SEEN_EVERY = timedelta(minutes=1)
SESSION_TOKEN = "session-token"  # noqa: S105 - the purpose of a key, no secret
WATCHING = "account.lock.state"  # a page that asks whether it is time to lock must not put that off by asking
manager = LoginManager()
manager.session_protection = None  # its address check signs out people on mobile networks; the row is the check


class Standing(StrEnum):
    """How far in somebody of the clinic is."""

    NOBODY = "nobody"
    SECOND = "second"  # the password was right, a second factor is due
    ENROLLING = "enrolling"  # the password was right, there is no second factor yet
    LOCKED = "locked"
    FULL = "full"


class Member:
    """A person of the clinic with a session, as Flask-Login wants to see one."""

    is_authenticated, is_anonymous = True, False

    def __init__(self, token: str, login: Login, user: User, standing: Standing = Standing.NOBODY) -> None:
        self.token, self.login, self.user, self.standing = token, login, user, standing
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
    login = sessions.find(session, hashed(token))
    if login is None or login.user is None:
        return None
    standing = _standing(login, login.user, clock.now())
    g.login_id = login.id
    if standing is Standing.FULL:
        _touch_at_times(login)
    return Member(token, login, login.user, standing)


def _standing(login: Login, user: User, now: datetime) -> Standing:
    if login.ended_at is not None or not user.is_active or now - login.started_at > STAFF_LONGEST:
        return Standing.NOBODY
    if login.mfa_at is None:
        if now - login.started_at > HALFWAY:
            return Standing.NOBODY
        return Standing.SECOND if factors.has_any(session, user) else Standing.ENROLLING
    if login.locked_at is not None or now - login.seen_at > STAFF_IDLE or login.device != device():
        return Standing.LOCKED
    return Standing.FULL


def _touch_at_times(login: Login) -> None:
    if clock.now() - login.seen_at > SEEN_EVERY and (request.endpoint != WATCHING or "active" in request.args):
        _touch(login)


def _touch(login: Login) -> None:
    """Note that the session is in use.

    A page that is only read does so in a short write of its own. One that writes holds SQLite's only lock already and
    would wait for itself: there the note travels with the act.
    """
    if request.method not in READS:
        sessions.touch(session, login, clock.now())
        return
    with writing() as other:
        sessions.touch(other, login, clock.now())
        other.commit()


def start(token: str) -> None:
    """Put a fresh session's token into the cookie; whatever it held before is gone."""
    cookie.clear()
    renewed(token)


def renewed(token: str) -> None:
    """Put the session's new token into the cookie; pages that are open keep their form tokens."""
    login = sessions.find(session, hashed(token))
    if login is not None and login.user is not None:
        login_user(Member(token, login, login.user, _standing(login, login.user, clock.now())))


def sign_out() -> None:
    """Empty the cookie."""
    logout_user()
    cookie.clear()


def forget() -> None:
    """Go on with this request as if nobody had signed in; the cookie stays."""
    manager._update_request_context_with_user()  # noqa: SLF001 - what it does itself when a cookie names nobody


def drop() -> None:
    """Go on as if nobody had signed in, and empty the cookie: what it names does not hold."""
    forget()
    cookie.clear()


def device() -> str:
    """The kind of browser that asks."""
    return devices.label(request.headers.get("User-Agent", ""))


def standing() -> Standing:
    """How far in whoever asks is."""
    member = _current()
    return member.standing if member else Standing.NOBODY


def person() -> User | None:
    """Whose session it is, however far in, ended ones included."""
    member = _current()
    return member.user if member else None


def staff() -> User | None:
    """The person of the clinic who is signed in with both factors and not locked."""
    member = _current()
    return member.user if member is not None and member.standing is Standing.FULL else None


def login() -> Login | None:
    """The session's row, however far in, ended ones included."""
    member = _current()
    return member.login if member else None


def is_fresh() -> bool:
    """Whether a factor was given in the last five minutes. Who sets up the first one has just shown the password."""
    row = login()
    if row is None or standing() is Standing.ENROLLING:
        return row is not None
    return row.stepped_up_at is not None and clock.now() - row.stepped_up_at <= FRESH


def token() -> str:
    """The token of the person of the clinic this browser holds; empty when it holds none. It may have ended."""
    return str(cookie.get("_user_id") or "")


def has_proved() -> None:
    """Note that a factor was just given on a page of its own, such as the password under a note."""
    row = login()
    if row is None:
        return
    own = row.id
    let_go()  # what this request wrote is kept already; its lock must not stand in the way
    with writing() as other:
        sessions.proved(other, other.get_one(Login, own), clock.now())
        other.commit()


def _current() -> Member | None:
    found = current_user._get_current_object()  # noqa: SLF001 - a LocalProxy's own way
    return found if isinstance(found, Member) else None
