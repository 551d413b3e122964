"""Asking for a short form from the page of a visit."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from intake.actions import shortforms
from intake.actions.refusals import RefusedError
from intake.clinical.returning import CHECK_IN, DIARY, MEASURES, NONE
from intake.security.policy import Permission
from intake.store import visits
from intake.store.visits import Visit
from intake.web import clock
from intake.web.actor import me
from intake.web.database import session
from intake.web.guard import allow
from intake.web.typed import only

bp = Blueprint("short_forms", __name__, url_prefix="/clinic/visits")


@bp.post("/<uuid:visit_id>/short-forms")
@allow(Permission.ASK_FORM, visit=visits.get)
def ask(visit: Visit) -> Any:
    """Ask for a diary, or for the short form about one thing."""
    only("form", "measure")
    form, measured = request.form.get("form", ""), request.form.get("measure", "")
    forms = {DIARY, CHECK_IN, *shortforms.askable(session, clock.now())}
    if form not in forms or measured not in {
        "",
        NONE,
        *MEASURES,
    }:
        abort(400)
    try:
        shortforms.ask(session, visit, form, measured=measured, by=me(), now=clock.now())
    except RefusedError as refusal:
        flash(_(str(refusal)))
    else:
        flash(_("It is there when they open their link. Make an invitation if they have none."))
    return redirect(url_for("clinic.visits.show", visit_id=visit.id), 303)
