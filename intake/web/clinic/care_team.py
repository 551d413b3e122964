"""Who is on a patient's care team: the buttons of the patient's page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext as _

from intake.actions import careteams as acts
from intake.actions.refusals import RefusedError
from intake.security.policy import Permission
from intake.store import careteam, patients, people
from intake.store.careteam import Membership
from intake.store.patients import Patient
from intake.web import access, clock
from intake.web.actor import me
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("care_team", __name__, url_prefix="/clinic/care-team")


@bp.post("/patients/<uuid:patient_id>")
@allow(Permission.MANAGE_TEAM, patient=patients.get)
def add(patient: Patient) -> Any:
    """Put somebody on the team."""
    form = access.joining(people.staff(session), me())
    if not form.validate_on_submit():
        flash(_("Please choose who joins the team."))
        return _back(patient)
    person, role = form.chosen()
    user = people.user(session, person) or abort(404)
    try:
        acts.add(session, patient, user, role, by=me(), now=clock.now())
    except RefusedError as refusal:
        flash(_(str(refusal)))
    else:
        flash(_("%(name)s is on the team now.", name=user.name))
    return _back(patient)


@bp.post("/<uuid:membership_id>/end")
@allow(Permission.MANAGE_TEAM, membership=careteam.get)
def end(membership: Membership) -> Any:
    """Take somebody off the team."""
    try:
        acts.end(session, membership, by=me(), now=clock.now())
    except RefusedError as refusal:
        flash(_(str(refusal)))
    else:
        flash(_("%(name)s is no longer on the team.", name=membership.user.name))
    return redirect(url_for("clinic.patients.show", patient_id=membership.patient_id), 303)


def _back(patient: Patient) -> Any:
    return redirect(url_for("clinic.patients.show", patient_id=patient.id), 303)
