"""What her link shows of a form that she gave to the clinic on paper: that it is there, and nothing of what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from intake.store import responses
from intake.store.responses import Response
from intake.web.database import session
from intake.web.patient import pages, places, tasks, too_late, unheard
from intake.web.patient.notices import Notice
from intake.web.patient.places import TASKS, Place


def show(response: Response) -> str:
    """That the clinic types it in, or has done so, and the next form that waits for her."""
    return _page(response)


def _page(
    response: Response, *, unkept: bool = False, notices: Sequence[Notice] = (), typed: Sequence[tuple[str, str]] = ()
) -> str:
    return render_template(
        "patient/handwritten/show.html",
        response=response, next=_next(response), unkept=unkept, notices=notices, typed=typed,
    )  # fmt: skip


def refuse(response: Response) -> Any:
    """Lead on where a button only leads on; else say that what was sent is not kept, and why.

    What she wrote is shown once more, to copy or to read out; what the paper says is not.
    """
    place, wanted = places.sent_from(), places.asked_for()
    if wanted is not None and place.view != "page":
        return places.go(wanted)
    found = unheard.sent(response, place)
    if pages.is_autosave():
        said = _(
            "This form is on paper now, so what you type here is not kept. "
            "Press the button below to see how you can still tell us."
        )
        return unheard.not_saved(found, said)
    typed = too_late.words(unheard.form_of(response), place, {})
    return _page(response, unkept=True, notices=found, typed=typed), 409


def _next(response: Response) -> tuple[str, Place] | None:
    waiting = (each for each in responses.asked(session, response.visit_id) if each.is_waiting)
    found = next(waiting, None)
    if found is None:
        return None
    return tasks.title(found), replace(TASKS, form=found.number)
