"""One's own account: what one signs in with, and where one is signed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import logins
from intake.security.policy import Permission
from intake.store import factors, sessions
from intake.store.sessions import Login
from intake.web import clock, identity, keeping, proving
from intake.web.actor import me
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("overview", __name__, url_prefix="/account")


@bp.get("")
@allow(Permission.USE_ACCOUNT)
def show() -> Any:
    """Password, passkeys, app, codes, open sessions and the last sign-ins."""
    user, here = me(), identity.login()
    return render_template(
        "account/overview/show.html",
        user=user, own=here, site=proving.site(), passkeys=factors.passkeys(session, user),
        app=factors.totp(session, user), codes_left=factors.codes_left(session, user),
        open=sessions.of(session, user, clock.now()), latest=sessions.latest(session, user),
        first_uses=sessions.first_uses(session, user), kept=keeping.waiting(user),
    )  # fmt: skip


@bp.post("/sessions/<uuid:login_id>/end")
@allow(Permission.USE_OWN, login=sessions.get)
def end(login: Login) -> Any:
    """Sign out one other place."""
    logins.end_one(session, login, by=me(), now=clock.now())
    flash(_("That place is signed out."))
    return redirect(url_for("account.overview.show"), 303)


@bp.post("/sessions/others/end")
@allow(Permission.USE_ACCOUNT)
def end_others() -> Any:
    """Sign out every other place."""
    here = identity.login()
    if here is not None:
        logins.end_others(session, me(), here, now=clock.now())
    flash(_("Every other place is signed out."))
    return redirect(url_for("account.overview.show"), 303)
