"""A bladder diary as the therapist reads it: the numbers, then every entry."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template

from intake.clinical import diary
from intake.clinical.returning import DIARY
from intake.forms import reader
from intake.security.policy import Permission
from intake.store import responses
from intake.store.responses import Response
from intake.web import actor, clock
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("diaries", __name__, url_prefix="/clinic/diaries")


@bp.get("/<uuid:response_id>")
@allow(Permission.READ_CHART, response=responses.intake)
def show(response: Response) -> Any:
    """The three days in numbers and in a row, to read and to print."""
    if response.form != DIARY:
        abort(404)
    form = reader.load(response.form, response.form_version)
    shown = actor.disclosed(form, responses.answers(session, response.id))
    return render_template(
        "clinic/diaries/show.html",
        response=response, patient=response.patient, diary=diary.read(form, shown), zone=clock.zone(),
    )  # fmt: skip
