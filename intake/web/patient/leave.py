"""The quick way out: it ends the session and goes to a neutral site."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from flask import session as cookie

from intake.actions import accounts
from intake.web import clock, identity
from intake.web.database import session, writing
from intake.web.guard import public

bp = Blueprint("leave", __name__, url_prefix="/leave")
NEUTRAL = "https://www.weather.gov/"


@bp.route("", methods=["GET", "POST"])
@public
def go() -> Any:
    """End the patient's session and leave. A plain link works too, so this answers GET."""
    clinic = clock.clinic()
    visitor = identity.visitor()
    if visitor is not None:
        session.close()
        with writing() as other:
            accounts.end(other, other.merge(visitor.login), by=visitor, now=clock.now())
    cookie.pop(identity.PATIENT, None)
    if request.method == "POST":
        return "", 204
    return redirect(clinic.leave_to if clinic else NEUTRAL, 303)
