"""A page that is sent to a form which is in already: that nothing of it was added, and how to add something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from intake.clinical.values import value
from intake.forms.conditions import Answers
from intake.forms.entry import is_write_only
from intake.forms.model import Form, Kind
from intake.store import responses
from intake.store.responses import Response
from intake.web.patient import finish, pages, places, steps, unheard
from intake.web.patient.places import TASKS, Place
from intake.web.patient.steps import Intake
from intake.web.say import translated

WORDS = frozenset({Kind.TEXT, Kind.STRING})


def refuse(intake: Intake, place: Place) -> Any:
    """Say that her form is in; what she wrote on the page is shown once more, to copy or to read out."""
    if intake.response.status != responses.COMPLETED:
        return places.go(TASKS)
    found = unheard.sent(intake.response, place)
    if pages.is_autosave():
        said = _(
            "Your form is in already: it was sent from another page or phone. What you type here is not added to it. "
            "Press the button below to see how you can still tell us."
        )
        return unheard.not_saved(found, said)
    typed = words(intake.form, place, intake.answers)
    return render_template("patient/too_late/show.html", typed=typed, next=finish.next_form(intake), notices=found), 409


def tell(lost: Iterable[str]) -> None:
    """The same for pages that were kept apart until she came in again; what is said of several is said once."""
    for said in dict.fromkeys(lost):
        flash(said)


def lost(response: Response) -> str:
    """That a page could not be added to a form that takes nothing from her any more."""
    return f"{why(response)} {_('The page you were on before was not added. Call us, or tell your therapist.')}"


def not_read() -> str:
    """That a page was not added which no page of the form can have sent."""
    return str(_("A page you sent before could not be read, so it was not added. Please look at your answers again."))


def look_again(part: str) -> str:
    """That a page was not added as it was sent, where another one that has to be mended is shown first."""
    said = _("Not all you sent from \u201c%(part)s\u201d could be added. Please look at that part again.", part=part)
    return str(said)


def why(response: Response) -> str:
    """Why a form takes nothing from her any more, in one sentence."""
    match response.status:
        case responses.WITHDRAWN if response.only is not None:
            said = _("Your clinic does not need that part any more.")
        case responses.WITHDRAWN | responses.IN_ERROR:
            said = _("The clinic has begun this form anew.")
        case responses.COMPLETED if not response.is_from_paper:
            said = _("Your form is in already.")
        case _:
            said = _("Your form is on paper now.")
    return str(said)


def words(form: Form, place: Place, answers: Answers) -> list[tuple[str, str]]:
    """The words she wrote on the page that are not what `answers` say, but for private ones; each with its question."""
    if place.view != "page":
        return []
    try:
        _part, page = steps.find(form, place)
    except NotFound:  # the page of another version
        return []
    asked = [q for q in page.questions if q.kind in WORDS and not is_write_only(q)]
    found = [(question, request.form.get(question.id, "").strip()) for question in asked]
    return [(translated(q.text), text) for q, text in found if text and text != value(answers, q.id)]
