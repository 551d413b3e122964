"""The people who sign in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import accounts
from intake.actions.refusals import RefusedError, StaleError
from intake.clinical.unsigned import tally
from intake.security.policy import Permission
from intake.security.signing import fingerprint
from intake.store import notes, people, resets, signing_keys
from intake.store.people import User
from intake.web import clock, handed
from intake.web.actor import me
from intake.web.admin.inputs import Hats, Person
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.instance import instance

bp = Blueprint("people", __name__, url_prefix="/admin/people")


def _resets() -> dict[str, Any]:
    now = clock.now()
    return {
        "waiting": resets.waiting(session, now), "recent": resets.recent(session, now),
        "offered": resets.offered_owner_key(session), "has_kept": resets.has_kept_owner_key(session),
    }  # fmt: skip


def _notes() -> dict[str, Any]:
    """How many notes wait for whom: counts by person, and no patient."""
    unsigned, awaiting = notes.all_unsigned(session), notes.all_awaiting(session)
    return {
        "unsigned": tally(unsigned, clock.now()), "awaiting": tally(awaiting, clock.now()),
        "names": people.names(session, {person for person, _visit_at in (*unsigned, *awaiting)}),
    }  # fmt: skip


def _page(form: Person, **more: Any) -> str:
    everybody = people.staff(session)
    return render_template("admin/people/index.html", everybody=everybody, form=form, **_resets(), **_notes(), **more)


@bp.get("")
@allow(Permission.MANAGE_CLINIC)
def index() -> Any:
    """Everybody, and a form to add somebody."""
    return _page(Person())


@bp.post("")
@allow(Permission.MANAGE_CLINIC)
@fresh
def create() -> Any:
    """Add somebody and show the link with which they choose a password."""
    form = Person()
    if form.validate_on_submit():
        try:
            user, token = accounts.add_person(
                session, name=form.name.data, email=form.email.data, credentials=form.credentials.data or "",
                roles=form.roles.data, secret=current_app.config["SECRET"], by=me(), now=clock.now(),
            )  # fmt: skip
        except RefusedError as refusal:
            form.email.errors = [_(str(refusal))]
        else:
            return _page(Person(formdata=None), link=handed.to_choose(token), link_for=user), 201
    return _page(form), 422


@bp.get("/<uuid:user_id>")
@allow(Permission.MANAGE_CLINIC, user=people.user)
def show(user: User) -> Any:
    """One person: name, credentials, roles, and the keys they sign with."""
    return _person(user, Hats(obj=user))


def _person(user: User, form: Hats) -> str:
    keys = signing_keys.of_user(session, user.id)
    return render_template(
        "admin/people/show.html",
        user=user,
        own=user.id == me().id,
        form=form,
        keys=keys,
        clinic_key=fingerprint(instance().public),
    )


@bp.post("/<uuid:user_id>")
@allow(Permission.MANAGE_CLINIC, user=people.user)
@fresh
def save(user: User) -> Any:
    """Keep what was changed; new roles count from the next request on."""
    form = Hats()
    if form.validate_on_submit():
        try:
            accounts.change_person(
                session, user, name=form.name.data, credentials=form.credentials.data or "", roles=form.roles.data,
                over=form.version.data or 0, by=me(), now=clock.now(),
            )  # fmt: skip
        except StaleError:
            raise
        except RefusedError as refusal:
            form.roles.errors = [_(str(refusal))]
        else:
            flash(_("Saved."))
            return redirect(url_for("admin.people.index"), 303)
    return _person(user, form), 422


@bp.post("/<uuid:user_id>/password")
@allow(Permission.MANAGE_CLINIC, user=people.user)
@fresh
def password(user: User) -> Any:
    """A fresh link to choose a password."""
    token = accounts.offer_password(session, user, secret=current_app.config["SECRET"], by=me(), now=clock.now())
    return _page(Person(formdata=None), link=handed.to_choose(token), link_for=user), 201


@bp.post("/<uuid:user_id>/<any(on, off):state>")
@allow(Permission.MANAGE_CLINIC, user=people.user)
@fresh
def switch(user: User, state: str) -> Any:
    """Let somebody in, or keep them out."""
    accounts.set_active(session, user, active=state == "on", by=me(), now=clock.now())
    flash(
        _("%(name)s can sign in again.", name=user.name)
        if state == "on"
        else _("%(name)s can no longer sign in.", name=user.name)
    )
    return redirect(url_for("admin.people.index"), 303)
