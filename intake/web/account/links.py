"""Links that work once: setting up the clinic, and choosing a password.

The token stands in the fragment of the link, and is posted: neither logs nor other sites see it, and a program that
looks at links spends nothing.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from intake.actions import accounts, resets
from intake.actions.refusals import NotReadyError
from intake.security import tokens
from intake.security.limits import Bucket
from intake.store import people
from intake.store.people import Clinic, OneTimeLink
from intake.web import clock, keyed, limits
from intake.web.account.inputs import ByLink, SetUp
from intake.web.database import session
from intake.web.guard import public

bp = Blueprint("links", __name__)


def _link(form: ByLink, purpose: str) -> OneTimeLink | None:
    """What a filled-in form may use up; a code that opens nothing is a guess, and is pointed out."""
    if not form.validate_on_submit():
        return None
    limits.charge(Bucket.LINK_NETWORK, limits.visitor())
    link = people.link(session, tokens.keyed_hash(keyed.secret(), purpose, form.token), purpose, clock.now())
    if link is None:
        form.link.errors = [_set_up_already() if purpose == accounts.FIRST_ADMIN else _opens_nothing()]
        return None
    limits.refund(Bucket.LINK_NETWORK, limits.visitor())
    return link


def _opens_nothing() -> str:
    return str(_("This link opens nothing. It works once, and not for long. An administrator can give you a new one."))


def _set_up_already() -> str:
    if people.is_empty(session):
        return _opens_nothing()
    return str(
        _("This clinic is set up already. Please sign in. If you did not see the owner's key, make one under People.")
    )


@bp.get("/set-up")
@public
def set_up() -> Any:
    """The clinic and its first administrator."""
    return render_template("account/links/set_up.html", form=SetUp())


@bp.post("/set-up")
@public
def create() -> Any:
    """Create both; the link is spent."""
    form = SetUp()
    link = _link(form, accounts.FIRST_ADMIN)
    if link and _created(form, link):
        key = resets.make_owner_key(session, secret=keyed.secret(), by=None, now=clock.now())
        return render_template("account/links/owner_key.html", key=key), 201
    return render_template("account/links/set_up.html", form=form), 422


def _created(form: SetUp, link: OneTimeLink) -> bool:
    clinic = Clinic(
        name=form.clinic_name.data,
        phone=form.clinic_phone.data,
        time_zone=form.time_zone.data,
        numbers_checked_on=clock.now().date(),
    )
    try:
        accounts.set_up(
            session, link, clinic=clinic, name=form.name.data, email=form.email.data, password=form.password.data,
            roles=form.roles.data or (), cost=keyed.cost(), now=clock.now(),
        )  # fmt: skip
    except NotReadyError as refusal:
        _blame(form, refusal)
        return False
    return True


def _blame(form: FlaskForm, refusal: NotReadyError) -> None:
    form.password.errors = [_(reason) for reason in refusal.reasons]


@bp.get("/password")
@public
def password() -> Any:
    """A password to choose."""
    return render_template("account/links/password.html", form=ByLink())


@bp.post("/password")
@public
def choose() -> Any:
    """Set it; the link is spent."""
    form = ByLink()
    if link := _link(form, accounts.PASSWORD):
        try:
            cost = keyed.cost()
            user = accounts.choose_password(session, link, form.password.data, cost=cost, now=clock.now())
        except NotReadyError as refusal:
            _blame(form, refusal)
        else:
            # A password that was closed for too many tries opens again.
            limits.refund(Bucket.SIGN_IN_ACCOUNT, user.email)
            flash(_("Your password is set. Please sign in."))
            return redirect(url_for("account.sign_in.show"), 303)
    return render_template("account/links/password.html", form=form), 422
