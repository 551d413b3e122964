"""One's own authenticator app: a picture to scan, the same as text, and a first code."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import factors as acts
from intake.security import totp
from intake.security.policy import Permission
from intake.store import factors, proofs
from intake.store.people import User
from intake.web import clock, identity, keyed, proving
from intake.web.account.inputs import AppCode
from intake.web.actor import me
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.halfway import during
from intake.web.identity import Standing

bp = Blueprint("totp", __name__, url_prefix="/account/authenticator")


def _user() -> User:
    return identity.person() or abort(404)


def _page(form: AppCode) -> str | None:
    row = factors.totp(session, _user(), confirmed=False)
    if row is None:
        return None
    seed = proofs.opened(row, keyed.box_key())
    picture = segno.make(totp.address(seed, _user().email), error="m").svg_data_uri(scale=5, light="#fff")
    return render_template("account/totp/show.html", form=form, picture=picture, secret=totp.in_groups(seed))


@bp.post("/new")
@during(Standing.FULL, Standing.ENROLLING)
@fresh
def propose() -> Any:
    """Draw a seed; the one in use stays in use until the new one has shown a code."""
    here = identity.login() or abort(404)
    acts.propose_totp(session, _user(), key=keyed.box_key(), login=here, now=clock.now())
    return redirect(url_for("account.totp.show"), 303)


@bp.get("")
@during(Standing.FULL, Standing.ENROLLING)
@fresh
def show() -> Any:
    """The picture, the text, and a box for the first code."""
    page = _page(AppCode())
    return page or redirect(url_for("account.overview.show"))


@bp.post("")
@during(Standing.FULL, Standing.ENROLLING)
@fresh
def confirm() -> Any:
    """Take it into use."""
    form, enrolling = AppCode(), identity.standing() is Standing.ENROLLING
    row, login = factors.totp(session, _user(), confirmed=False), identity.login()
    if row is None or login is None:
        return redirect(url_for("account.overview.show"), 303)
    token, door = proving.door()
    if form.validate_on_submit() and acts.confirm_totp(
        session,
        row,
        form.code.data,
        key=keyed.box_key(),
        by=_user(),
        login=login,
        token_hash=door.token_hash,
        now=clock.now(),
    ):
        if enrolling:
            identity.start(token)
            return redirect(url_for("account.recovery.show"), 303)
        flash(_("Your authenticator app is set up. Every other place was signed out."))
        return redirect(url_for("account.overview.show"), 303)
    if not form.code.errors:
        form.code.errors = [
            _("That code does not fit. Check the time on your phone, wait for the next code, try again.")
        ]
    return _page(form), 422


@bp.post("/remove")
@allow(Permission.USE_ACCOUNT)
@fresh
def remove() -> Any:
    """Forget it."""
    acts.remove_totp(session, me(), login=identity.login() or abort(404), now=clock.now())
    flash(_("Authenticator app removed. Every other place was signed out."))
    return redirect(url_for("account.overview.show"), 303)
