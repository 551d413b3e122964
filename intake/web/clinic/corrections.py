"""Putting right what was typed in wrongly from paper: a new version begins, or is left; typing goes on as always."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from intake.actions import corrections as acts
from intake.actions.refusals import FinalError, RefusedError
from intake.security.policy import Permission
from intake.store import responses
from intake.store.responses import Response
from intake.web import clock
from intake.web.actor import me
from intake.web.clinic import overtaken
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("corrections", __name__, url_prefix="/clinic/transcripts")


@bp.post("/<uuid:transcript_id>/correct")
@allow(Permission.ENTER_PAPER, transcript=responses.any_transcript)
def start(transcript: Response) -> Any:
    """Begin a new version, filled in as it stands; or go on with the one that is there."""
    try:
        made = acts.begin(session, transcript, by=me(), now=clock.now())
    except FinalError:
        return overtaken.lead_on(transcript)
    except RefusedError as refusal:
        flash(_(str(refusal)))
        return redirect(url_for("clinic.answers.show", response_id=transcript.id), 303)
    return redirect(url_for("clinic.transcripts.show", transcript_id=made.id), 303)


@bp.post("/<uuid:transcript_id>/leave")
@allow(Permission.ENTER_PAPER, transcript=responses.any_transcript)
def leave(transcript: Response) -> Any:
    """Leave the answers as they were typed in first. Twice changes nothing, and tells nothing new."""
    former = transcript.corrects_id
    if transcript.status == responses.WITHDRAWN and former is not None:
        return redirect(url_for("clinic.answers.show", response_id=former), 303)
    try:
        acts.drop(session, transcript, by=me(), now=clock.now())
    except FinalError:
        return overtaken.lead_on(transcript)
    flash(_("Left as it was typed in first."))
    return redirect(url_for("clinic.answers.show", response_id=former), 303)
