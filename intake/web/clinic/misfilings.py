"""A paper form that was typed in under the wrong name or the wrong visit: taken out, or moved to where it belongs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import corrections as acts
from intake.actions.refusals import FinalError, RefusedError
from intake.security.policy import Permission
from intake.store import responses
from intake.store.responses import Response
from intake.web import clock, filters
from intake.web.actor import me
from intake.web.clinic import overtaken
from intake.web.clinic.inputs import Misfiled
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.inputs import options

bp = Blueprint("misfilings", __name__, url_prefix="/clinic/transcripts")


@bp.get("/<uuid:transcript_id>/misfiled")
@allow(Permission.TAKE_OUT_PAPER, transcript=responses.any_transcript)
def show(transcript: Response) -> Any:
    """What it means that a sheet is taken out, and the form for where it belongs and why."""
    if overtaken.is_out(transcript):
        return overtaken.taken_out(transcript, sent=False)
    return _show(transcript, _form(transcript, Misfiled(formdata=None)))


@bp.post("/<uuid:transcript_id>/misfiled")
@allow(Permission.TAKE_OUT_PAPER, transcript=responses.any_transcript)
@fresh
def create(transcript: Response) -> Any:
    """Take it out, or move it; who did it and why stays on record."""
    if overtaken.is_out(transcript):
        return overtaken.taken_out(transcript)
    form = _form(transcript, Misfiled())
    if not form.validate_on_submit():
        return _show(transcript, form), 422
    patient_id = transcript.patient_id
    try:
        made = _done(transcript, form)
    except FinalError:
        return overtaken.lead_on(transcript)
    except RefusedError as refusal:
        flash(_(str(refusal)))
        return redirect(url_for("clinic.misfilings.show", transcript_id=transcript.id), 303)
    if made is None:
        flash(_("Taken out. Warning signs it raised stay on the worklist until somebody closes them."))
        return redirect(url_for("clinic.charts.show", patient_id=patient_id), 303)
    flash(_("Moved to the visit it belongs to."))
    return redirect(url_for("clinic.answers.show", response_id=made.id), 303)


def _done(transcript: Response, form: Misfiled) -> Response | None:
    """The same sheet under another visit; None where it is only taken out."""
    why, by, now = form.text.data, me(), clock.now()
    if not form.visit.data:
        acts.take_out(session, transcript, form.what.data, why, by=by, now=now)
        return None
    visit = next(each for each in transcript.patient.visits if each.id == UUID(form.visit.data))
    return acts.move(session, transcript, visit, why, by=by, today=clock.today(), now=now)


def _form(transcript: Response, form: Misfiled) -> Misfiled:
    visits = transcript.patient.visits
    free = [each for each in visits if acts.reason_not_to_move(session, transcript, each) is None]
    named = ((str(each.id), _("Visit on %(date)s", date=filters.moment(each.starts_at))) for each in free)
    form.visit.choices = options([("", _("None: only take it out")), *named])
    return form


def _show(transcript: Response, form: Misfiled) -> str:
    return render_template(
        "clinic/misfilings/show.html", response=transcript, patient=transcript.patient, form=form,
        is_in=transcript.status == responses.COMPLETED,
    )  # fmt: skip
