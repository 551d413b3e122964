"""Notes about what was no visit: a telephone call, a message, the end of care when nobody came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import notes as acts
from intake.actions.refusals import RefusedError
from intake.security.policy import Permission
from intake.store import clinicforms, patients
from intake.store.patients import Patient
from intake.web import actor, clock
from intake.web.actor import me
from intake.web.clinic import kinds
from intake.web.clinic.inputs import Contact
from intake.web.database import session
from intake.web.guard import allow
from intake.web.inputs import options

bp = Blueprint("outside", __name__, url_prefix="/clinic/charts")


@bp.get("/<uuid:patient_id>/contacts/new")
@allow(Permission.START_NOTE, patient=patients.get)
def new(patient: Patient) -> Any:
    """When it took place, and what kind of note it gets."""
    form = _form(patient)
    form.at.data = clock.now().astimezone(clock.zone()).replace(tzinfo=None, second=0, microsecond=0)
    return _page(patient, form)


@bp.post("/<uuid:patient_id>/contacts/new")
@allow(Permission.START_NOTE, patient=patients.get)
def create(patient: Patient) -> Any:
    """A draft about it."""
    form = _form(patient)
    if not form.validate_on_submit():
        return _page(patient, form), 422
    try:
        note = acts.start_outside(
            session, patient, clinicforms.newest(session, form.kind.data), at=_moment(form.at.data),
            ceiling=actor.ceiling(), by=me(), now=clock.now(),
        )  # fmt: skip
    except RefusedError as refusal:
        form.at.errors = [_(str(refusal))]
        return _page(patient, form), 422
    return redirect(url_for("clinic.notes.show", note_id=note.id), 303)


def _moment(typed: datetime) -> datetime:
    return typed.replace(tzinfo=clock.zone())


def _form(patient: Patient) -> Contact:
    form = Contact()
    form.kind.choices = options(kinds.offered(patient, outside=True).items())
    return form


def _page(patient: Patient, form: Contact) -> str:
    return render_template("clinic/outside/new.html", patient=patient, form=form)
