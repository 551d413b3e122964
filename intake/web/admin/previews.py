"""A form as patients will see it, page by page: the same pages, and nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from intake.forms import needs
from intake.forms.entry import read, without_entry
from intake.forms.model import Form, Page, Section, When
from intake.forms.problems import MalformedError
from intake.security.policy import Permission
from intake.store import clinicforms
from intake.store.clinicforms import ClinicForm
from intake.store.responses import Response
from intake.web import clock
from intake.web.guard import allow
from intake.web.patient import pages, places, steps
from intake.web.patient.places import TASKS, Place
from intake.web.patient.steps import Intake
from intake.web.say import said, translated
from intake.web.typed import everything_typed, once, only

bp = Blueprint("previews", __name__, url_prefix="/admin/forms")
NOTHING: Mapping[str, Any] = {}


@bp.get("/<uuid:form_id>/preview")
@allow(Permission.MANAGE_CLINIC, form=clinicforms.get)
def show(form: ClinicForm) -> Any:
    """The list of parts, or the page that was asked for."""
    made = clinicforms.read(form)
    return _place(form, made, places.read(request.args.get("at", "") or str(TASKS)).plain)


@bp.post("/<uuid:form_id>/preview")
@allow(Permission.MANAGE_CLINIC, form=clinicforms.get)
def send(form: ClinicForm) -> Any:
    """What patients would meet next: what is to be mended, or the next page. Nothing is kept."""
    once()
    made = clinicforms.read(form)
    place, target = places.read(request.form.get("_at", "")).plain, places.asked_for()
    if place.view != "page":
        only()
        return _go(form, made, target or TASKS)
    section, page = steps.find(made, place)
    fields = {name: values for name, values in request.form.lists() if not name.startswith(pages.OWN)}
    action = request.form.get("_action", "")
    kept, _saved = without_entry(fields, NOTHING, action)
    entry = read(page.questions, kept, saved=NOTHING, today=clock.today(), write_only=True)
    if action == pages.LEAVE_SECTION:
        return _go(form, made, _after(made, Place("page", place.section, len(section.pages))))
    if action == pages.TOGETHER:
        return _go(form, made, _after(made, place))
    if action:
        return _page(form, made, place, _more(kept, action), {})
    if target is None:
        entry.problems += needs.missing(made, entry.answers, page.questions)
    if entry.problems:
        return _page(form, made, place, everything_typed(), {each.field: said(each) for each in entry.problems}), 422
    return _go(form, made, target or _after(made, place))


def _more(kept: Mapping[str, Any], action: str) -> dict[str, Any]:
    """What was typed, with one entry of a group more where that was asked for."""
    typed = {name: values[0] if len(values) == 1 else list(values) for name, values in kept.items()}
    verb, _colon, name = action.partition(":")
    count = str(typed.get(f"{name}.count", "0"))
    if verb == "add" and count.isascii() and count.isdecimal() and len(count) <= 2:  # noqa: PLR2004 - as many as can be
        typed[f"{name}.count"] = str(int(count) + 1)
    return typed


def _go(form: ClinicForm, made: Form, place: Place) -> Any:
    if place.view == "page":
        steps.find(made, place)
    at = str(place) if place.view == "page" else None
    return redirect(url_for("admin.previews.show", form_id=form.id, at=at), 303)


def _place(form: ClinicForm, made: Form, place: Place) -> Any:
    return _page(form, made, place, {}, {}) if place.view == "page" else _parts(form, made)


def _parts(form: ClinicForm, made: Form) -> str:
    parts = [
        {"title": translated(section.heading), "state": "not-started", "minutes": section.minutes,
         "place": places.of_page(made, section, 1)}
        for section in made.sections
    ]  # fmt: skip
    return render_template(
        "admin/previews/parts.html",
        parts=parts, left=sum(section.minutes for section in made.sections), intake=_intake(form, made),
        title=translated(made.title), until=None, **_frame(form, made),
    )  # fmt: skip


def _page(form: ClinicForm, made: Form, place: Place, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    if place.view != "page":
        message = "no page of a preview"
        raise MalformedError(message)
    section, page = steps.find(made, place)
    return render_template(
        "admin/previews/show.html",
        **pages.parts_of(_intake(form, made), place, typed, errors), back=_before(made, place), notices=(), prompts=(),
        only_when=[*_said(section.when), *_said(page.when)], **_frame(form, made),
    )  # fmt: skip


def _frame(form: ClinicForm, made: Form) -> dict[str, Any]:
    """What a preview has around it."""
    return {
        "row": form,
        "everywhere": [(place, _title(section, page)) for place, section, page in _all(made)],
        "sent_to": url_for("admin.previews.send", form_id=form.id),
    }


def _title(section: Section, page: Page) -> str:
    return translated(page.title or section.heading)


def _all(made: Form) -> list[tuple[Place, Section, Page]]:
    """Every page, whatever it hangs on."""
    return [
        (places.of_page(made, section, number), section, page)
        for section in made.sections
        for number, page in enumerate(section.pages, 1)
    ]


def _after(made: Form, place: Place) -> Place:
    order = [each for each, _section, _page in _all(made)]
    later = (each for each in order if (each.section, each.number) > (place.section, place.number))
    return next(later, TASKS)


def _before(made: Form, place: Place) -> Place:
    order = [each for each, _section, _page in _all(made)]
    earlier = [each for each in order if (each.section, each.number) < (place.section, place.number)]
    return earlier[-1] if earlier else TASKS


def _said(when: When) -> list[str]:
    return [f"{each.question} {each.operator} {each.answer}" for each in when.conditions]


def _intake(form: ClinicForm, made: Form) -> Intake:
    """An intake nobody fills in, that shows every question."""
    response = Response(form=made.id, form_version=made.version, number=1)
    stored: Any = {section.id: ({}, 1, form.added_at) for section in made.sections}
    shown = frozenset(question.id for question in made.questions())
    return Intake(response, made, stored, {}, shown, "")
