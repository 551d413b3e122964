"""What her link shows of a form that she gave to the clinic on paper: that it is there, and nothing of what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import jsonify, render_template

from intake.store import responses
from intake.store.responses import Response
from intake.web.database import session
from intake.web.patient import pages, places, tasks, unheard
from intake.web.patient.notices import Notice
from intake.web.patient.places import TASKS, Place


def show(response: Response, *, unkept: bool = False, notices: Sequence[Notice] = ()) -> str:
    """That the clinic types it in, or has done so, and the next form that waits for her."""
    return render_template(
        "patient/handwritten/show.html", response=response, next=_next(response), unkept=unkept, notices=notices
    )


def refuse(response: Response) -> Any:
    """Lead on where a button only leads on; else say that what was sent is not kept, and why."""
    if (place := places.asked_for()) is not None:
        return places.go(place)
    if pages.is_autosave():
        return jsonify(saved=None, errors={}), 409
    return show(response, unkept=True, notices=unheard.sent(response, places.sent_from())), 409


def _next(response: Response) -> tuple[str, Place] | None:
    waiting = (each for each in responses.asked(session, response.visit_id) if each.is_waiting)
    found = next(waiting, None)
    if found is None:
        return None
    return tasks.title(found), replace(TASKS, form=found.number)
