"""A bladder diary as the therapist reads it: the numbers, then every entry."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from intake.clinical.diary import read
from intake.forms import reader
from intake.security.policy import Permission
from intake.store import responses
from intake.store.responses import Response
from intake.web import actor, clock
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("diaries", __name__, url_prefix="/clinic/diaries")


@bp.get("/<uuid:diary_id>")
@allow(Permission.READ_CHART, diary=responses.diary)
def show(diary: Response) -> Any:
    """The three days in numbers and in a row, to read and to print."""
    form = reader.load(diary.form, diary.form_version)
    shown = actor.disclosed(form, responses.answers(session, diary.id))
    return render_template(
        "clinic/diaries/show.html",
        response=diary, patient=diary.patient, diary=read(form, shown), zone=clock.zone(),
    )  # fmt: skip
