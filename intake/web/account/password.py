"""Changing one's own password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import accounts
from intake.actions.refusals import NotReadyError
from intake.security.policy import Permission
from intake.web import clock, identity, keyed
from intake.web.account.inputs import NewPassword
from intake.web.actor import me
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow

bp = Blueprint("password", __name__, url_prefix="/account/password")


@bp.get("")
@allow(Permission.USE_ACCOUNT)
@fresh
def show() -> Any:
    """A password to choose."""
    return render_template("account/password/show.html", form=NewPassword())


@bp.post("")
@allow(Permission.USE_ACCOUNT)
@fresh
def change() -> Any:
    """Set it. Every other place is signed out."""
    form, here = NewPassword(), identity.login() or abort(404)
    if form.validate_on_submit():
        try:
            accounts.change_password(session, me(), form.password.data, cost=keyed.cost(), keep=here, now=clock.now())
        except NotReadyError as refusal:
            form.password.errors = [_(reason) for reason in refusal.reasons]
        else:
            flash(_("Your password is changed. Every other place was signed out."))
            return redirect(url_for("account.overview.show"), 303)
    return render_template("account/password/show.html", form=form), 422
