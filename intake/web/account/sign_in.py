"""Signing in and out: the password first, or a passkey alone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import accounts, logins
from intake.security import passwords
from intake.security.limits import Bucket
from intake.store import people
from intake.web import clock, halfway, identity, keyed, limits, proving
from intake.web.account.inputs import SignIn
from intake.web.database import session, writing
from intake.web.guard import public
from intake.web.identity import Standing
from intake.web.returning import onward, way_on

bp = Blueprint("sign_in", __name__)


def _page(form: SignIn, wrong: str = "") -> str:
    return render_template("account/sign_in/show.html", form=form, way=way_on(), site=proving.site(), wrong=wrong)


@bp.get("/sign-in")
@public
def show() -> Any:
    """E-mail and password, or a passkey."""
    halfway.tell()
    return _page(SignIn())


@bp.post("/sign-in")
@public
def enter() -> Any:
    """Start a session that waits for the second factor. Whoever is unknown gets the same answer after the same work."""
    form = SignIn()
    if not form.validate_on_submit():
        return _page(form), 422
    _charge(form.email.data)
    user = people.user_by_email(session, form.email.data)
    session.close()  # the hash takes 30 ms on purpose, and must not hold the database
    encoded = user.password_hash if user is not None and user.is_active else None
    good = passwords.matches(encoded, form.password.data, keyed.cost())
    with writing() as other:
        if not good or user is None or encoded is None:
            logins.refuse(other, user, now=clock.now())
            form.password.errors = [_("That e-mail and password do not fit together. Please try again.")]
            return _page(form), 422
        token, door = proving.door()
        is_old = passwords.is_outdated(encoded, keyed.cost())
        rehashed = passwords.hash_password(form.password.data, keyed.cost()) if is_old else None
        logins.begin(other, user, door, rehashed=rehashed, now=clock.now())
    _refund(form.email.data)
    identity.start(token)
    return redirect(url_for("account.second.show", **way_on()), 303)


@bp.post("/sign-in/passkey/options")
@public
def options() -> Any:
    """What the browser needs to offer the passkeys it has for this site."""
    return proving.ask_to_show()


@bp.post("/sign-in/passkey")
@public
def passkey() -> Any:
    """A passkey alone: the device has checked the person, so it counts twice."""
    limits.charge(Bucket.SIGN_IN_NETWORK, limits.visitor())
    found = proving.shown()
    if found is None:
        logins.refuse(session, None, reason="passkey", now=clock.now())
        return _page(SignIn(formdata=None), _("That passkey does not open this. Try again, or use your password.")), 422
    (user, proof), (token, door) = found, proving.door()
    if not logins.admit(session, None, user, proof, door, now=clock.now()):
        return _page(SignIn(formdata=None), _("That passkey does not open this. Try again, or use your password.")), 422
    limits.refund(Bucket.SIGN_IN_NETWORK, limits.visitor())
    identity.start(token)
    return onward(user)


def _buckets(email: str) -> tuple[tuple[Bucket, str], ...]:
    """What a try is counted in. Unknown addresses are counted like known ones, so that nobody can tell them apart."""
    account = people.settled_email(email)
    return (Bucket.SIGN_IN_NETWORK, limits.visitor()), (Bucket.SIGN_IN_CLINIC, ""), (Bucket.SIGN_IN_ACCOUNT, account)


def _charge(email: str) -> None:
    for bucket, subject in _buckets(email):
        limits.charge(bucket, subject)


def _refund(email: str) -> None:
    for bucket, subject in _buckets(email):
        limits.refund(bucket, subject)


@bp.post("/sign-out")
@halfway.during(Standing.FULL, Standing.LOCKED, Standing.SECOND, Standing.ENROLLING)
def leave() -> Any:
    """End the session here and on the server."""
    login = identity.login()
    if login is not None:
        accounts.end(session, login, by=identity.person(), now=clock.now())
    identity.sign_out()
    return redirect(url_for("account.sign_in.show"), 303)
