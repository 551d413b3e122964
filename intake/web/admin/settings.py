"""The clinic's settings and places."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import clinics
from intake.actions.refusals import RefusedError
from intake.security.policy import Permission
from intake.store import people
from intake.store.people import Clinic
from intake.web import clock
from intake.web.actor import me
from intake.web.admin.inputs import Place, Settings
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow

bp = Blueprint("settings", __name__, url_prefix="/admin/settings")


def _clinic() -> Clinic:
    return clock.clinic() or abort(404)


def _page(form: Settings, place: Place) -> str:
    places = people.locations(session)
    return render_template("admin/settings/show.html", form=form, place=place, places=places)


@bp.get("")
@allow(Permission.MANAGE_CLINIC)
def show() -> Any:
    """What the clinic prints, its numbers, its places."""
    return _page(Settings(obj=_clinic()), Place())


@bp.post("")
@allow(Permission.MANAGE_CLINIC)
@fresh
def save() -> Any:
    """Keep the settings."""
    form = Settings()
    if not form.validate_on_submit():
        return _page(form, Place(formdata=None)), 422
    data = {name: value for name, value in form.data.items() if name not in {"csrf_token", "version"}}
    values = {name: "" if value is None else value for name, value in data.items()}
    clinics.change(session, _clinic(), values, over=form.version.data, by=me(), now=clock.now())
    flash(_("Settings saved."))
    return redirect(url_for("admin.settings.show"), 303)


@bp.post("/places")
@allow(Permission.MANAGE_CLINIC)
def add_place() -> Any:
    """Add a place."""
    place = Place()
    if place.validate_on_submit():
        try:
            clinics.add_location(session, place.name.data, place.address.data or "", by=me(), now=clock.now())
        except RefusedError as refusal:
            place.name.errors = [_(str(refusal))]
        else:
            flash(_("Place added."))
            return redirect(url_for("admin.settings.show"), 303)
    return _page(Settings(formdata=None, obj=_clinic()), place), 422
