"""The lock screen: nothing clinical on it, and everything as it was once one factor was given."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import logins
from intake.security.limits import Bucket
from intake.store import factors
from intake.store.people import User
from intake.store.proofs import Proof
from intake.store.sessions import Login
from intake.web import clock, form_tokens, identity, keeping, limits, proving
from intake.web.account.inputs import Again
from intake.web.database import session, writing
from intake.web.halfway import during
from intake.web.identity import STAFF_IDLE, Standing
from intake.web.returning import local, onward, way_on

bp = Blueprint("lock", __name__, url_prefix="/lock")


def _user() -> User:
    return identity.person() or abort(404)


def _login() -> Login:
    return identity.login() or abort(404)


def _page(form: Again, wrong: str = "") -> str:
    return render_template(
        "account/lock/show.html",
        form=form, wrong=wrong, way=way_on(), site=proving.site(), user=_user(),
        has_passkey=bool(factors.passkeys(session, _user())),
    )  # fmt: skip


@bp.get("")
@during(Standing.LOCKED)
def show() -> Any:
    """Who is asked for, and the way back in. The lock stays, whatever the clock says later."""
    login = _login()
    if login.locked_at is None and clock.now() - login.seen_at > STAFF_IDLE:
        with writing() as other:
            logins.lock(other, other.get_one(Login, login.id), by=_user(), now=clock.now())
    return _page(Again())


@bp.post("")
@during(Standing.LOCKED)
def unlock() -> Any:
    """The password."""
    form = Again()
    if form.validate_on_submit():
        limits.charge(Bucket.SIGN_IN_ACCOUNT, _user().email)
        if _unlocked(proving.password(_user(), form.password.data)):
            return onward(_user())
        form.password.errors = [_("That is not your password. Please try again.")]
    return _page(form), 422


@bp.post("/passkey/options")
@during(Standing.LOCKED)
def options() -> Any:
    """What the browser needs to offer this person's passkeys."""
    return proving.ask_to_show(_user())


@bp.post("/passkey")
@during(Standing.LOCKED)
def passkey() -> Any:
    """A passkey of this person's."""
    found = proving.shown(_user())
    if found is not None and _unlocked(found[1]):
        return onward(_user())
    if found is None:
        logins.refuse(session, _user(), reason="passkey", now=clock.now())
    return _page(Again(formdata=None), _("That passkey does not open this. Try again, or use your password.")), 422


@bp.post("/now")
@during(Standing.FULL, Standing.LOCKED)
def now() -> Any:
    """Lock before walking away. What a page has not sent yet comes along, `for` its address, and is kept.

    A page that was shown while the screen was locked has nothing to keep.
    """
    way: dict[str, Any] = {}
    if (path := local(request.args.get("for", ""))) is not None and not form_tokens.came_from_lock():
        way["kept"] = keeping.keep(_user(), path)
    elif (after := local(request.args.get("after", ""))) is not None:
        way["after"] = after
    logins.lock(session, _login(), by=_user(), now=clock.now())
    url = url_for("account.lock.show", **way)
    return jsonify(go=url) if request.headers.get("X-Autosave") else redirect(url, 303)


@bp.get("/state")
@during(Standing.FULL, Standing.LOCKED)
def state() -> Any:
    """Seconds until this session locks, for the page that is open. With `active`, somebody has been at work on it."""
    left = STAFF_IDLE - (clock.now() - _login().seen_at)
    return jsonify(left=0 if identity.standing() is Standing.LOCKED else max(0, int(left.total_seconds()) + 1))


def _unlocked(proof: Proof) -> bool:
    token, door = proving.door()
    if not logins.renew(session, _login(), _user(), proof, door, now=clock.now()):
        return False
    limits.refund(Bucket.SIGN_IN_ACCOUNT, _user().email)
    identity.renewed(token)
    return True
