"""A paper form that became something else while somebody had a page of it open: what happened, and the way on."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, url_for
from flask_babel import gettext as _

from intake.store import responses
from intake.store.responses import Response


def lead_on(transcript: Response, *, autosave: bool = False) -> Any:
    """Say what became of it and lead to what is left of it; beside the words, where a page saves itself."""
    if autosave:
        return jsonify(saved=None, errors={}, message=_told(transcript)), 409
    flash(_told(transcript))
    return redirect(_there(transcript), 303)


def is_out(transcript: Response) -> bool:
    """Whether no page shows it any more."""
    return transcript.status in responses.UNREAD


def _told(transcript: Response) -> str:
    match transcript.status:
        case responses.WITHDRAWN:
            said = _("Somebody left this correction meanwhile: the answers stay as they were typed in first.")
        case responses.IN_ERROR:
            said = _("Somebody took this form out meanwhile, or moved it to another visit.")
        case responses.AMENDED:
            said = _("Somebody corrected this form meanwhile. What is here does not count any more.")
        case responses.COMPLETED:
            said = _("Somebody ended this form meanwhile. It is final now: what is wrong in it can be corrected.")
        case _:
            said = _("Somebody changed this form meanwhile. Look at what is here now.")
    return f"{said} {_('Nothing was changed by what you sent.')}"


def _there(transcript: Response) -> str:
    """The answers, or those that a correction left as they were; the chart where they are shown nowhere."""
    found = transcript.corrects if transcript.status == responses.WITHDRAWN else transcript
    if found is None or is_out(found):
        return url_for("clinic.charts.show", patient_id=transcript.patient_id)
    if found.status == responses.IN_PROGRESS:
        return url_for("clinic.transcripts.show", transcript_id=found.id)
    return url_for("clinic.answers.show", response_id=found.id)
