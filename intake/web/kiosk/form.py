"""The form that is answered alone: one address, no way back, and the same pages whatever is answered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import handovers as acts
from intake.clinical.triage.safety import words
from intake.forms import conditions, reader
from intake.forms.entry import read
from intake.forms.model import Form
from intake.security.policy import Permission
from intake.store import handovers, responses
from intake.store.responses import Response
from intake.web import alone, clock, told, visitors
from intake.web.database import READS, session
from intake.web.guard import allow, public
from intake.web.patient import ended, places, steps
from intake.web.patient.pages import OWN
from intake.web.patient.places import DONE, Place
from intake.web.say import translated
from intake.web.typed import once

bp = Blueprint("form", __name__, url_prefix="/here")


@bp.get("")
@public
def show() -> Any:
    """The page she is on. Where no form is open: the end of it all on a device of the clinic, else her own form.

    Its door for whoever comes back to this address and is nobody any more.
    """
    if alone.sitter() is not None:
        alone.stay()
        return _shown()
    if alone.is_back():
        return render_template("kiosk/form/done.html")
    return _over() if visitors.token() else redirect(url_for("patient.form.show"), 303)


@bp.post("")
@public
def send() -> Any:
    """What a page sends: kept, and led on from."""
    once()
    place = places.sent_from().plain
    return _sent(place=place) if alone.sitter() is not None else _too_late(place)


def _too_late(place: Place) -> Any:
    """Have her told, in the same words whatever it says, that a page came too late and is kept nowhere."""
    is_hers = visitors.token() or alone.is_back()
    if place.view == "page" and is_hers and not _is_kept(place) and not ended.miss():
        flash(_("What you sent last came too late and was not kept. You can still tell us, by phone or in person."))
    return _over()


def _is_kept(place: Place) -> bool:
    """Whether the page was kept, and she has ended the form since: who presses twice sends it twice."""
    found = alone.ended_by_her()
    if found is None:
        return False
    kept = _places(reader.load(found.response.form, found.response.form_version))[: found.page - 1]
    return place in kept


def own_form(_session: object, sitter: Any) -> Response | None:
    """The form that whoever asks answers alone."""
    found = handovers.response(session, sitter.response_id)
    if found is not None and request.method not in READS:
        responses.lock(session, found)
    return found


@allow(Permission.ANSWER_ALONE, response=own_form)
def _shown(response: Response) -> Any:
    form = reader.load(response.form, response.form_version)
    place = _here(form)
    if place == DONE:
        text = translated(words().patient).format(**told.values({}))
        return render_template("kiosk/form/words.html", place=place, text=text, left=alone.left())
    section, page = steps.find(form, place)
    return render_template(
        "kiosk/form/show.html", place=place, section=section, page=page, pages=len(_places(form)), left=alone.left()
    )


@allow(Permission.ANSWER_ALONE, response=own_form)
def _sent(response: Response, place: Place) -> Any:
    sitter, form = alone.sitter(), reader.load(response.form, response.form_version)
    if sitter is None or response.status == responses.COMPLETED:  # it was ended at this very moment
        return _too_late(place)
    is_late = alone.is_late()
    if place.view == "page":
        _keep(response, form, place)
    if is_late:
        acts.leave(session, sitter.handover, by=sitter, now=clock.now())
        return _over()
    if place == DONE or places.asked_for() == DONE:
        acts.finish(session, sitter.handover, by=sitter, now=clock.now())
        if sitter.handover.at_home:
            alone.thank()
        return _over()
    return redirect(url_for("kiosk.form.show"), 303)


def _keep(response: Response, form: Form, place: Place) -> None:
    """What is good on the page. Whatever is not, no page of ours can send, so nothing is said of it."""
    sitter, (section, page) = alone.sitter(), steps.find(form, place)
    fields = {name: values for name, values in request.form.lists() if not name.startswith(OWN)}
    entry = read(page.questions, fields, saved={}, today=clock.today(), write_only=True)
    if sitter is not None:
        number = _places(form).index(place) + 1
        acts.save(session, sitter.handover, response, section, page, entry, number=number, now=clock.now())


def _here(form: Form) -> Place:
    sitter, pages = alone.sitter(), _places(form)
    number = sitter.handover.page if sitter else len(pages) + 1
    return pages[number - 1] if number <= len(pages) else DONE


def _places(form: Form) -> list[Place]:
    return [places.of_page(form, section, number) for section, number, _page in conditions.pages_shown(form, {})]


def _over() -> Any:
    to = "patient.form.show" if visitors.token() else "kiosk.form.show"
    alone.forget()
    return alone.emptied(redirect(url_for(to), 303))
