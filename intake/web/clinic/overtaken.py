"""A paper form that became something else while somebody had a page of it open: what happened, and the way on."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.store import amendments, responses, versions
from intake.store.responses import Response
from intake.web.actor import me
from intake.web.clinic import sheets
from intake.web.database import session


def lead_on(transcript: Response, *, autosave: bool = False) -> Any:
    """Say what became of it and lead to what is left of it; beside the words, where a page saves itself."""
    if autosave:
        return jsonify(saved=None, errors={}, message=_told(transcript)), 409
    flash(_told(transcript))
    return redirect(_there(transcript), 303)


def taken_out(transcript: Response, *, sent: bool = True) -> Any:
    """The same where it was to be taken out and is: a second press, or the way back to the page for it.

    Who did it is not told that somebody else did. Where nothing was `sent`, nothing is said of that.
    """
    if _is_own(transcript):
        flash(_("You have done this already: the form is taken out, or moved to another visit."))
    else:
        flash(_told(transcript) if sent else _became(transcript))
    return redirect(_there(transcript), 303)


def _is_own(transcript: Response) -> bool:
    """Whether its reader took it out, or moved it."""
    acts = [each for each in versions.became(session, transcript) if each.kind != amendments.CORRECTED]
    return bool(acts) and acts[-1].user_id == me().id


def lose(transcript: Response, *, autosave: bool) -> Any:
    """The same for a part that was sent: what is typed there and kept nowhere is shown once more, to copy."""
    typed = [] if autosave else sheets.unkept(transcript)
    if not typed:
        return lead_on(transcript, autosave=autosave)
    told, there = _told(transcript), _there(transcript)
    page = render_template("clinic/overtaken/show.html", transcript=transcript, told=told, there=there, typed=typed)
    return page, HTTPStatus.CONFLICT


def is_out(transcript: Response) -> bool:
    """Whether no page shows it as a paper form any more."""
    return transcript.status in responses.UNREAD or is_given_back(transcript)


def is_given_back(transcript: Response) -> bool:
    """Whether it is hers again to fill in, or to have asked anew."""
    return not transcript.is_from_paper


def _told(transcript: Response) -> str:
    return f"{_became(transcript)} {_('Nothing was changed by what you sent.')}"


def _became(transcript: Response) -> str:
    match transcript.status:
        case _ if is_given_back(transcript):
            said = _("Somebody gave this form back to the patient meanwhile: nothing is typed in from paper any more.")
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
    return str(said)


def _there(transcript: Response) -> str:
    """The answers, or those that a correction left as they were; the chart where they are shown nowhere."""
    if is_given_back(transcript):
        return url_for("clinic.visits.show", visit_id=transcript.visit_id)
    found = transcript.corrects if transcript.status == responses.WITHDRAWN else transcript
    if found is None or is_out(found):
        return url_for("clinic.charts.show", patient_id=transcript.patient_id)
    if found.status == responses.IN_PROGRESS:
        return url_for("clinic.transcripts.show", transcript_id=found.id)
    return url_for("clinic.answers.show", response_id=found.id)
