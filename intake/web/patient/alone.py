"""The way from her own form to what is asked alone: a line that offers it, and a page that asks if she is alone now.

A clinic has to allow it, and it is offered once for a visit: whatever she says on that page, the line is gone.
"""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for

from intake.actions import handovers as acts
from intake.actions.refusals import RefusedError
from intake.clinical import at_home
from intake.forms import reader
from intake.forms.disclosure import ALONE
from intake.security import tokens
from intake.store import handovers, history
from intake.web import alone, clock, identity, visitors
from intake.web.database import session
from intake.web.patient import places
from intake.web.patient.places import TASKS
from intake.web.patient.steps import Intake
from intake.web.typed import only

YES = "alone"  # the button that opens it; any other way to leave the page leaves it for the visit


def is_offered(intake: Intake) -> bool:
    """Whether the clinic allows it, she said that she is alone, and it was not asked at this visit before."""
    clinic, sitting = clock.clinic(), visitors.sitting()
    if clinic is None or not clinic.ask_at_home or sitting is None or sitting.shared:
        return False
    return _is_ahead(intake) and _is_private(intake) and not _is_spent(intake)


def show(intake: Intake) -> str | None:
    """The page that asks whether she is alone right now; None where it is not offered."""
    return render_template("patient/alone/show.html") if is_offered(intake) else None


def reply(intake: Intake) -> Any:
    """Open the form where she is alone; lead back to her own where she is not."""
    only()
    if not is_offered(intake):
        abort(404)
    is_alone, token = request.form.get("_action") == YES, tokens.new_token()
    try:
        acts.ask_at_home(
            session, intake.response.visit, reader.latest(ALONE), identity.hashed(token),
            is_alone=is_alone, by=visitors.visitor(), now=clock.now(),
        )  # fmt: skip
    except RefusedError:
        abort(404)
    back = places.go(TASKS)
    if not is_alone:
        alone.thank()
        return back
    alone.begin_beside(token)
    return alone.emptied(redirect(url_for("kiosk.form.show"), 303))


def _is_ahead(intake: Intake) -> bool:
    """Whether the visit takes place, and its day is not over."""
    visit = intake.response.visit
    return visit.cancelled_at is None and clock.today() <= visit.starts_at.astimezone(clock.zone()).date()


def _is_private(intake: Intake) -> bool:
    just_said = {
        name: answer
        for name, answer in intake.answers.items()
        if answer.get("by") == intake.link and intake.is_of_sitting(name)
    }
    if not at_home.is_private(just_said):
        return False
    patient = intake.response.patient
    here, born = intake.counting(), patient.birth_date
    return all(
        at_home.may_be_asked(just_said, told, here, asks=intake.shown, born=born, today=clock.today())
        for told in history.may_have_told(session, patient.id)
    )


def _is_spent(intake: Intake) -> bool:
    return handovers.is_spent(handovers.of_visit(session, intake.response.visit_id), clock.now())
