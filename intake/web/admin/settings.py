"""The clinic's settings and places."""

from __future__ import annotations

import uuid
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
from intake.web.admin.inputs import Place, SafetyLead, Settings
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.inputs import options

bp = Blueprint("settings", __name__, url_prefix="/admin/settings")


def _clinic() -> Clinic:
    return clock.clinic() or abort(404)


def _page(form: Settings, place: Place, lead: SafetyLead | None = None) -> str:
    places = people.locations(session)
    lead = lead or _lead(formdata=None)
    return render_template("admin/settings/show.html", form=form, place=place, lead=lead, places=places)


def _lead(**more: Any) -> SafetyLead:
    """The form with every therapist but whoever asks."""
    clinic = _clinic()
    form = SafetyLead(lead=str(clinic.safety_lead_id or ""), version=clinic.version, **more)
    others = [user for user in people.therapists(session) if user.id != me().id]
    form.lead.choices = options([("", _("Nobody yet")), *((str(user.id), user.name) for user in others)])
    return form


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


@bp.post("/safety-lead")
@allow(Permission.MANAGE_CLINIC)
@fresh
def name_lead() -> Any:
    """Name who looks after safety."""
    form = _lead()
    if form.validate_on_submit():
        named = people.user(session, uuid.UUID(form.lead.data)) if form.lead.data else None
        clinics.name_safety_lead(session, _clinic(), named, over=form.version.data, by=me(), now=clock.now())
        flash(_("Settings saved."))
        return redirect(url_for("admin.settings.show"), 303)
    return _page(Settings(formdata=None, obj=_clinic()), Place(formdata=None), form), 422


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
