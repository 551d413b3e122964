"""The full-page message for an emergency. The answers are saved before it is shown."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from intake.actions import intakes
from intake.clinical.triage import Severity
from intake.forms.problems import MalformedError
from intake.security.policy import Permission
from intake.store import flags
from intake.store.responses import Response
from intake.web import clock, identity
from intake.web.database import session
from intake.web.guard import allow
from intake.web.patient import notices, steps
from intake.web.patient.steps import own_intake
from intake.web.typed import only

bp = Blueprint("warning", __name__, url_prefix="/form/message")
REPLIES = frozenset({"read", "mistake"})
NO_MORE_QUESTIONS = "E5"  # after this message the form does not lead on by itself


@bp.get("")
@allow(Permission.ANSWER_INTAKE, response=own_intake)
def show(response: Response) -> Any:
    """What to do now, with numbers to tap."""
    intake = steps.opened(response)
    read = {flag.rule for flag in flags.of_response(session, response.id) if flag.patient_reply}
    urgent = [sign for sign in notices.of_this_sitting(intake) if sign.severity >= Severity.SAME_DAY]
    if not any(sign.severity is Severity.EMERGENCY for sign in urgent):
        return redirect(url_for("patient.form.tasks"))
    # What she has not read yet comes first: nobody scrolls past an old warning to reach a new one.
    fresh = sorted(urgent, key=lambda sign: (-sign.severity, sign.rule in read))
    found = notices.written(fresh, intake)
    return render_template("patient/warning/show.html", notices=found, after=request.args.get("after", ""))


@bp.post("")
@allow(Permission.ANSWER_INTAKE, response=own_intake)
def reply(response: Response) -> Any:
    """Keep "I have read this" or "I ticked this by mistake", and go back to where she was."""
    only("reply", "after")
    answer = request.form.get("reply", "")
    if answer not in REPLIES:
        message = "no such reply"
        raise MalformedError(message)
    intake = steps.opened(response)
    back = _back(intake, request.form.get("after", ""), answer)
    if answer == "read" and any(sign.rule == NO_MORE_QUESTIONS for sign in notices.signs(intake)):
        back = url_for("patient.form.tasks")
    for flag in flags.of_response(session, response.id):
        if flag.severity == Severity.EMERGENCY.name and flag.still_true:
            intakes.reply(session, flag, answer, by=identity.visitor(), now=clock.now())
    return redirect(back, 303)


def _back(intake: steps.Intake, after: str, answer: str) -> str:
    section, _dot, page = after.partition(".")
    if not section.isdecimal() or not page.isdecimal() or len(after) > 8:  # noqa: PLR2004 - two small numbers
        return url_for("patient.form.tasks")
    part, _page = steps.find(intake.form, int(section), int(page))
    if answer == "mistake":
        return steps.url(intake.form, part, int(page))
    return steps.following(intake, part, int(page), intake.answers)
