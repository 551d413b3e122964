"""Signing in and out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import accounts
from intake.security import passwords, tokens
from intake.security.limits import Bucket
from intake.security.policy import Permission, may
from intake.store import people
from intake.store.people import User
from intake.web import clock, identity, limits
from intake.web.database import session, writing
from intake.web.guard import allow, public
from intake.web.inputs import SignIn

bp = Blueprint("sign_in", __name__)


@bp.get("/sign-in")
@public
def show() -> Any:
    """E-mail and password."""
    return render_template("account/sign_in/show.html", form=SignIn(), after=_after())


@bp.post("/sign-in")
@public
def enter() -> Any:
    """Start a session. Unknown people and wrong passwords get the same answer after the same work."""
    form = SignIn()
    if form.validate_on_submit():
        _charge(form.email.data)
        # The hash is checked before the database is locked for writing: it takes 30 ms on purpose.
        user = people.user_by_email(session, form.email.data)
        session.close()
        encoded = user.password_hash if user is not None and user.is_active else None
        good = passwords.matches(encoded, form.password.data, current_app.config["PASSWORD_COST"])
        with writing() as other:
            if good and user is not None:
                token = tokens.new_token()
                login = accounts.begin(other, user, identity.hashed(token), now=clock.now())
                identity.sign_in(token, login, user)
                _refund(form.email.data)
                return redirect(_after() or url_for(first_page(user)), 303)
            accounts.refuse(other, user, now=clock.now())
        form.password.errors = [_("That e-mail and password do not fit together. Please try again.")]
    return render_template("account/sign_in/show.html", form=form, after=_after()), 422


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
@allow(Permission.USE_ACCOUNT)
def leave() -> Any:
    """End the session here and on the server."""
    login = identity.login()
    if login is not None:
        accounts.end(session, login, by=identity.staff(), now=clock.now())
    identity.sign_out()
    return redirect(url_for("account.sign_in.show"), 303)


def first_page(user: User) -> str:
    """Where somebody's work starts: the day, or the people for whoever only runs the clinic."""
    return "clinic.today.index" if may(user, Permission.SEE_DAY, None) else "admin.people.index"


def _after() -> str | None:
    """Where to go after signing in: a path of this site, nothing else."""
    after = request.args.get("after", "")
    parts = urlsplit(after)
    local = after.startswith("/") and not after.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    if local and after.isprintable():
        return after
    return None
