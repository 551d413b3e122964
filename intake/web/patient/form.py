"""The form's one address. What it shows is where she is; what is sent to it says which page it comes from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, jsonify, make_response, redirect, request, url_for
from flask_babel import gettext as _

from intake.actions import invitations
from intake.actions.refusals import FinalError
from intake.clinical.triage import Severity
from intake.security.policy import Permission
from intake.store import responses
from intake.store.responses import Response
from intake.store.visits import Invitation
from intake.web import alone as asked_alone
from intake.web import clock, visitors
from intake.web.database import session, writing
from intake.web.guard import allow, public
from intake.web.patient import (
    alone,
    ended,
    finish,
    handwritten,
    late,
    notices,
    pages,
    places,
    start,
    steps,
    tasks,
    too_late,
    unheard,
    warning,
)
from intake.web.patient.places import ASIDE, TASKS, Place
from intake.web.patient.steps import Intake, own_intake
from intake.web.typed import once, only

bp = Blueprint("form", __name__, url_prefix="/f")
URGENT = frozenset({Severity.EMERGENCY.name, Severity.SAME_DAY.name})


@bp.get("")
@public
def show() -> Any:
    """The door, or the page she is on. Who opens a link while a form is open here asks for the door `again`."""
    if "again" in request.args:
        return start.door()
    visitor = visitors.visitor()
    if visitor is None:
        return late.warn() or ended.show() or start.door()
    visitors.stay()
    if not responses.asked(session, visitor.visit_id) and _began_anew(visitor):
        return redirect(url_for("patient.form.show"), 303)
    return _shown()


def _began_anew(visitor: visitors.Visitor) -> bool:
    """Her only form was a paper that was taken out: what is due begins, as it does when she comes in."""
    with writing() as other:
        return invitations.begin_anew(other, other.get_one(Invitation, visitor.id), now=clock.now())


@bp.post("")
@public
def send() -> Any:
    """What a page sends: kept, and led on from."""
    once()
    place = places.sent_from()
    if place.view == "start":
        return start.enter()
    visitor = visitors.visitor()
    if visitor is None:
        return ended.take(place) or late.come_back(place)
    if (gone := responses.out(session, visitor.visit_id, place.form)) is not None:
        return _taken_back(gone, place)
    if not pages.is_autosave():
        visitors.stay()
    try:
        return _sent(place=place)
    except FinalError:
        return _refused(place=place)


@allow(Permission.ANSWER_INTAKE, response=own_intake)
def _refused(response: Response, place: Place) -> Any:
    return too_late.refuse(steps.opened(response), place)


@allow(Permission.ANSWER_INTAKE, response=own_intake)
def _shown(response: Response) -> Any:
    if response.is_from_paper:
        return handwritten.show(response)
    intake = steps.opened(response)
    return show_place(intake, steps.settled(places.here(), intake))


def show_place(intake: Intake, place: Place) -> Any:
    """The page of a place."""
    match place.view:
        case "page":
            return pages.show(intake, place)
        case "message":
            return warning.show(intake, place) or tasks.show(intake)
        case "check":
            return finish.check(intake)
        case "done":
            return finish.done(intake)
        case "alone":
            return alone.show(intake) or show_place(intake, steps.settled(TASKS, intake))
        case _:
            return tasks.show(intake)


def _taken_back(gone: Response, place: Place) -> Any:
    """To what is left of her list: the clinic took the form back, or out, that her page belongs to. It is not kept.

    A warning in what she sends is shown first, and what she wrote once more.
    """
    why, found = too_late.why(gone), unheard.sent(gone, place)
    typed = too_late.words(unheard.form_of(gone), place, {})
    unkept = f"{why} {_('The page you just sent was not kept.')}"
    if pages.is_autosave() and (found or typed):
        more = _("What you type here is not kept. Press the button below to see how you can still tell us.")
        return unheard.not_saved(found, f"{why} {more}")
    if found or typed:
        return unheard.page(found, unkept, typed), 409
    if place.view == "page":
        flash(unkept)
    onward = places.go(TASKS)
    return (jsonify(saved=None, go=onward.location), 409) if pages.is_autosave() else onward


@allow(Permission.ANSWER_INTAKE, response=own_intake)
def _sent(response: Response, place: Place) -> Any:
    if response.is_from_paper:
        return handwritten.refuse(response)
    intake = steps.opened(response)
    if ASIDE.view in {place.view, getattr(places.asked_for(), "view", "")} and not alone.is_offered(intake):
        abort(404)
    match place.view:
        case "alone":
            return alone.reply(intake)
        case "page":
            answer = pages.save(intake, place, dict(request.form.lists()))
            return _at_once(response, place, answer) if asked_alone.is_veiled() else answer
        case "message":
            return warning.reply(intake, place)
        case "check" if places.asked_for() is None:
            return finish.submit(intake)
        case _:
            return places.go(_wanted(intake))


def _at_once(response: Response, place: Place, answer: Any) -> Any:
    """What to do now, where a page of another tab warns of something while she is asked alone; else nothing of hers."""
    intake = steps.opened(response)
    found = [one for one in notices.on_page(intake, steps.find(intake.form, place)[1]) if one.severity in URGENT]
    told = make_response(answer)
    if not found:
        return told
    if told.status_code in asked_alone.NOT_KEPT:  # the page is shown again, with its warnings
        return pages.ask_for_all() if pages.is_autosave() else told
    if pages.is_autosave():
        return pages.ask_for_all() if "go" in (told.json or {}) else told
    asked_alone.unveil()
    return unheard.page(found, _("This is about the page of your form that you just sent."))


def _wanted(intake: Intake) -> Place:
    only("signer")
    place = places.asked_for() or abort(400)
    if place.section:
        steps.find(intake.form, place)
    return place
