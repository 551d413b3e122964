"""Handing this device to a patient for one visit, and ending that from another device."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from intake.actions import handovers as acts
from intake.actions.refusals import RefusedError
from intake.forms import reader
from intake.forms.disclosure import ALONE
from intake.security import tokens
from intake.security.policy import Permission
from intake.store import handovers, visits
from intake.store.handovers import Handover
from intake.store.visits import Visit
from intake.web import alone, clock, identity
from intake.web.actor import me
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("handovers", __name__, url_prefix="/clinic")


@bp.post("/visits/<uuid:visit_id>/handover")
@allow(Permission.HAND_OVER, visit=visits.get)
def start(visit: Visit) -> Any:
    """Open the form on this device. Whoever hands it over is signed out here."""
    token = tokens.new_token()
    try:
        acts.start(
            session, visit, reader.latest(ALONE), identity.hashed(token),
            login=identity.login(), by=me(), now=clock.now(),
        )  # fmt: skip
    except RefusedError as refusal:
        flash(_(str(refusal)))
        return redirect(url_for("clinic.visits.show", visit_id=visit.id), 303)
    alone.begin(token)
    return alone.emptied(redirect(url_for("kiosk.form.show"), 303))


@bp.post("/handovers/<uuid:handover_id>/end")
@allow(Permission.HAND_OVER, handover=handovers.get)
def end(handover: Handover) -> Any:
    """Close the form on the device that was handed over."""
    acts.end(session, handover, by=me(), now=clock.now())
    flash(_("The form on that device is closed."))
    return redirect(url_for("clinic.visits.show", visit_id=handover.visit_id), 303)
