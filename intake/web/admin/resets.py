"""Somebody lost every factor: one administrator asks, another one or the owner's key agrees."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import resets as acts
from intake.actions.resets import WrongKeyError
from intake.security.limits import Bucket
from intake.security.policy import Permission
from intake.store import factors, people, resets
from intake.store.people import User
from intake.store.resets import Reset
from intake.web import clock, handed, keyed, limits
from intake.web.actor import me
from intake.web.admin.inputs import OwnersKey
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.typed import only

bp = Blueprint("resets", __name__, url_prefix="/admin/resets")


def _page(user: User, form: OwnersKey, **more: Any) -> str:
    return render_template(
        "admin/resets/show.html",
        user=user, form=form, waiting=resets.waiting_for(session, user, clock.now()),
        passkeys=factors.passkeys(session, user), app=factors.totp(session, user),
        codes_left=factors.codes_left(session, user), has_key=resets.has_owner_key(session), me=me(),
        offered=resets.offered_owner_key(session), **more,
    )  # fmt: skip


@bp.get("/people/<uuid:user_id>")
@allow(Permission.MANAGE_CLINIC, user=people.user)
def show(user: User) -> Any:
    """What somebody signs in with, and whether a reset waits."""
    return _page(user, OwnersKey())


@bp.post("/people/<uuid:user_id>")
@allow(Permission.MANAGE_CLINIC, user=people.user)
@fresh
def ask(user: User) -> Any:
    """Ask for a reset."""
    acts.ask(session, user, by=me(), now=clock.now())
    flash(_("Asked. Another administrator, or the owner's key, has to agree within three days."))
    return redirect(url_for("admin.resets.show", user_id=user.id), 303)


@bp.post("/<uuid:reset_id>/approve")
@allow(Permission.MANAGE_CLINIC, reset=resets.get)
@fresh
def approve(reset: Reset) -> Any:
    """The second administrator agrees: the link is shown once."""
    token = acts.approve(session, reset, secret=keyed.secret(), by=me(), now=clock.now())
    return _page(reset.user, OwnersKey(formdata=None), link=handed.to_choose(token)), 201


@bp.post("/<uuid:reset_id>/key")
@allow(Permission.MANAGE_CLINIC, reset=resets.get)
@fresh
def approve_with_key(reset: Reset) -> Any:
    """The owner's key agrees: the link and the key's successor are shown once."""
    form = OwnersKey()
    if form.validate_on_submit():
        limits.charge(Bucket.SECOND_FACTOR, str(me().id))
        try:
            token, key = acts.approve_with_key(
                session, reset, form.code.data, secret=keyed.secret(), by=me(), now=clock.now()
            )
        except WrongKeyError as refusal:
            form.code.errors = [_(str(refusal))]
        else:
            limits.refund(Bucket.SECOND_FACTOR, str(me().id))
            return _page(reset.user, OwnersKey(formdata=None), link=handed.to_choose(token), key=key), 201
    return _page(reset.user, form), 422


@bp.post("/owner-key")
@allow(Permission.MANAGE_CLINIC)
@fresh
def offer_key() -> Any:
    """Another owner's key, when nobody saw the one that was made."""
    key = acts.offer_owner_key(session, secret=keyed.secret(), by=me(), now=clock.now())
    return render_template("admin/resets/key.html", key=key, offered=resets.offered_owner_key(session)), 201


@bp.post("/owner-key/kept")
@allow(Permission.MANAGE_CLINIC)
@fresh
def keep_key() -> Any:
    """It is written down."""
    only("key")
    acts.keep_owner_key(session, request.form.get("key", ""), by=me(), now=clock.now())
    flash(_("The owner's key counts from now on. Those before it work no more."))
    return redirect(url_for("admin.people.index"), 303)


@bp.post("/<uuid:reset_id>/drop")
@allow(Permission.MANAGE_CLINIC, reset=resets.get)
def drop(reset: Reset) -> Any:
    """Take the wish back."""
    acts.drop(session, reset, by=me(), now=clock.now())
    flash(_("Taken back."))
    return redirect(url_for("admin.resets.show", user_id=reset.user_id), 303)
