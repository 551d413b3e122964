"""Which forms each kind of visit asks for, and in which order."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from intake.actions import clinicforms as acts
from intake.actions.refusals import RefusedError
from intake.forms.problems import MalformedError
from intake.security.policy import Permission
from intake.web import clock
from intake.web.actor import me
from intake.web.clinic.inputs import VISIT_KINDS
from intake.web.database import session
from intake.web.guard import allow
from intake.web.say import translated
from intake.web.typed import only

bp = Blueprint("visit_forms", __name__, url_prefix="/admin/visit-forms")
PLACES = {"earlier": -1, "later": 1}
ACTS = frozenset({"add", "remove", *PLACES})


@bp.post("")
@allow(Permission.MANAGE_CLINIC)
def change() -> Any:
    """Ask for one form more or less, or for one earlier or later."""
    only("kind", "form", "act")
    kind, form, act = (request.form.get(name, "") for name in ("kind", "form", "act"))
    if kind not in dict(VISIT_KINDS) or act not in ACTS:
        message = "no such kind of visit, or no such act"
        raise MalformedError(message)
    try:
        _do(kind, form, act)
    except RefusedError as refusal:
        flash(translated(str(refusal)))
    else:
        flash(_("Saved."))
    return redirect(url_for("admin.forms.index", _anchor=kind), 303)


def _do(kind: str, form: str, act: str) -> None:
    if act == "add":
        acts.ask(session, kind, form, by=me(), now=clock.now())
    elif act == "remove":
        acts.leave_out(session, kind, form, by=me(), now=clock.now())
    else:
        acts.move(session, kind, form, PLACES[act], by=me(), now=clock.now())
