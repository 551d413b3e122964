"""Views for people who are not quite in (a factor is due, the screen is locked), and the way in for everybody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask_babel import lazy_gettext as _l

from intake.security.policy import Permission
from intake.web import identity, keeping
from intake.web.database import READS
from intake.web.identity import Standing
from intake.web.returning import onward

View = Callable[..., Any]
NEXT = {
    Standing.NOBODY: "account.sign_in.show",
    Standing.SECOND: "account.second.show",
    Standing.ENROLLING: "account.enrol.show",
    Standing.LOCKED: "account.lock.show",
}
NEWER, LATE = "newer", "late"
# Ended by the clock or by the person's own newer session: what such a session still sends is theirs, and is kept.
OWN = frozenset({NEWER, LATE})
TOLD = {
    NEWER: _l("You signed in somewhere else. Three places at once is the most, so this one was signed out."),
    LATE: _l("You were signed in here for twelve hours. Please sign in again."),
    "revoked": _l("This place was signed out from another one. If that was not you, tell an administrator now."),
    "password": _l("Your password was changed, so this place was signed out."),
    "factor": _l("The way you sign in was changed, so this place was signed out."),
}


def during(*standings: Standing) -> Callable[[View], View]:
    """Let a view be seen by whoever is exactly that far in; everybody else is led to where they belong."""

    def guarded(view: View) -> View:
        @wraps(view)
        def seen(**values: Any) -> Any:
            user, standing = identity.person(), identity.standing()
            if standing in standings:
                return view(**values)
            return onward(user) if standing is Standing.FULL and user is not None else way_in()

        seen.loaders = {}  # type: ignore[attr-defined]  # it names no record
        seen.permission = Permission.USE_ACCOUNT  # type: ignore[attr-defined]  # a mark the app looks for when it starts
        seen.standings = standings  # type: ignore[attr-defined]  # read by tests that go through every route
        return seen

    return guarded


def way_in() -> Any:
    """Lead to the sign-in, the second factor or the lock page, and keep what was sent."""
    standing, user = identity.standing(), identity.person()
    ended = _ended() if standing is Standing.NOBODY else ""
    is_own = standing is Standing.LOCKED or ended in OWN
    way: dict[str, Any] = {}
    if request.method in READS:
        way["after"] = request.full_path.rstrip("?")
    elif user is not None and is_own:
        way["kept"] = keeping.keep(user, request.full_path.rstrip("?"))
    url = url_for(NEXT[standing], **way)
    if request.headers.get("X-Autosave") and is_own:
        return jsonify(saved=None, go=url), 401  # the cookie stays: this page, or another one, may have more to send
    if ended:
        identity.sign_out()
        flash(TOLD[ended])
    return redirect(url)


def tell() -> None:
    """Say on this page why the session of this browser is over, when its end has not been told yet."""
    if identity.standing() is Standing.NOBODY and (ended := _ended()):
        flash(TOLD[ended])


def _ended() -> str:
    """Why the session of this browser is over, where its person is to be told."""
    login, user = identity.login(), identity.person()
    if login is None or user is None or not user.is_active or login.mfa_at is None:
        return ""
    reason = login.end_reason if login.ended_at is not None else LATE
    return reason if reason in TOLD else ""
