"""The full-page message for an emergency. The answers are saved before it is shown."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import render_template, request

from intake.actions import intakes
from intake.clinical.triage import Severity
from intake.forms.problems import MalformedError
from intake.store import flags
from intake.web import clock, visitors
from intake.web.database import session
from intake.web.patient import notices, places, steps
from intake.web.patient.places import TASKS, Place
from intake.web.patient.steps import Intake
from intake.web.typed import only

REPLIES = frozenset({"read", "mistake"})
NO_MORE_QUESTIONS = "E5"  # after this message the form does not lead on by itself


def show(intake: Intake, place: Place) -> str | None:
    """What to do now, with numbers to tap; None when there is nothing to say in this sitting."""
    read = {flag.rule for flag in flags.of_response(session, intake.response.id) if flag.patient_reply}
    urgent = [sign for sign in notices.of_this_sitting(intake) if sign.severity >= Severity.SAME_DAY]
    if not any(sign.severity is Severity.EMERGENCY for sign in urgent):
        return None
    # What she has not read yet comes first: nobody scrolls past an old warning to reach a new one.
    fresh = sorted(urgent, key=lambda sign: (-sign.severity, sign.rule in read))
    return render_template("patient/warning/show.html", notices=notices.written(fresh, intake), place=place.plain)


def reply(intake: Intake, place: Place) -> Any:
    """Keep "I have read this" or "I ticked this by mistake", and go back to where she was."""
    only("reply")
    answer = request.form.get("reply", "")
    if answer not in REPLIES:
        message = "no such reply"
        raise MalformedError(message)
    steps.find(intake.form, place)
    shown = {sign.rule for sign in notices.of_this_sitting(intake)}
    for flag in flags.of_response(session, intake.response.id):
        if flag.severity == Severity.EMERGENCY.name and flag.still_true and flag.rule in shown:
            intakes.reply(session, flag, answer, by=visitors.visitor(), now=clock.now())
    return places.go(_back(intake, place, answer, shown))


def _back(intake: Intake, place: Place, answer: str, shown: Collection[str]) -> Place:
    if answer == "mistake":
        return Place("page", place.section, place.number)
    return TASKS if NO_MORE_QUESTIONS in shown else steps.following(intake, place, intake.answers)
