"""A paper form that is still being typed in, under the wrong name or by mistake: thrown away, with a reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import corrections as acts
from intake.actions.refusals import FinalError
from intake.security.policy import Permission
from intake.store import responses
from intake.store.responses import Response
from intake.web import clock
from intake.web.actor import me
from intake.web.clinic import overtaken
from intake.web.clinic.inputs import ThrownAway
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("discards", __name__, url_prefix="/clinic/transcripts")


@bp.get("/<uuid:transcript_id>/discard")
@allow(Permission.ENTER_PAPER, transcript=responses.any_transcript)
def show(transcript: Response) -> Any:
    """What it means that what is typed in is thrown away, and the form for whose sheet it is."""
    if overtaken.is_out(transcript):
        return overtaken.taken_out(transcript, sent=False)
    return _show(transcript, ThrownAway(formdata=None))


@bp.post("/<uuid:transcript_id>/discard")
@allow(Permission.ENTER_PAPER, transcript=responses.any_transcript)
def create(transcript: Response) -> Any:
    """Throw it away; who did it and why stays on record."""
    if overtaken.is_out(transcript):
        return overtaken.taken_out(transcript)
    form = ThrownAway()
    if not form.validate_on_submit():
        return _show(transcript, form), 422
    visit_id = transcript.visit_id
    try:
        is_asked = acts.throw_away(session, transcript, form.what.data, form.text.data, by=me(), now=clock.now())
    except FinalError:
        return overtaken.lead_on(transcript)
    flash(
        _("Thrown away. The form is the patient\u2019s again. Warning signs stay until somebody closes them.")
        if is_asked
        else _("Thrown away. Nobody is asked this form any more. Warning signs stay until somebody closes them.")
    )
    return redirect(url_for("clinic.visits.show", visit_id=visit_id), 303)


def _show(transcript: Response, form: ThrownAway) -> str:
    is_open = transcript.status == responses.IN_PROGRESS and transcript.corrects_id is None
    return render_template(
        "clinic/discards/show.html", response=transcript, patient=transcript.patient, form=form, is_open=is_open
    )
