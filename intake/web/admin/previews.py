"""A form as patients will see it, page by page: the same pages, and nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from intake.forms import needs, reader
from intake.forms.entry import read, without_entry
from intake.forms.model import Form, Page, Section, When
from intake.forms.ours import CLINICIAN, lenders
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


@dataclass(frozen=True, slots=True)
class Preview:
    """A form to look at: one of the clinic's, with its row, or the newest version of one of ours."""

    form: Form
    row: ClinicForm | None = None

    @property
    def back(self) -> str:
        """The page it is looked at from."""
        return url_for("admin.forms.show", form_id=self.row.id) if self.row else url_for("admin.forms.index")

    @property
    def sent_to(self) -> str:
        """Where its pages go."""
        if self.row is None:
            return url_for("admin.previews.send_ours", form=self.form.id)
        return url_for("admin.previews.send", form_id=self.row.id)

    def address(self, at: Place | None = None) -> str:
        """The address of a page; of the list of parts without one."""
        if self.row is None:
            return url_for("admin.previews.ours", form=self.form.id, at=at)
        return url_for("admin.previews.show", form_id=self.row.id, at=at)


@bp.get("/<uuid:form_id>/preview")
@allow(Permission.MANAGE_CLINIC, form=clinicforms.get)
def show(form: ClinicForm) -> Any:
    """The list of parts, or the page that was asked for. A form for notes has no pages of a patient's to look at."""
    if clinicforms.read(form).audience == CLINICIAN:
        return redirect(url_for("admin.forms.show", form_id=form.id), 303)
    return _shown(Preview(clinicforms.read(form), form))


@bp.post("/<uuid:form_id>/preview")
@allow(Permission.MANAGE_CLINIC, form=clinicforms.get)
def send(form: ClinicForm) -> Any:
    """What patients would meet next: what is to be mended, or the next page. Nothing is kept."""
    if clinicforms.read(form).audience == CLINICIAN:
        return redirect(url_for("admin.forms.show", form_id=form.id), 303)
    return _sent(Preview(clinicforms.read(form), form))


@bp.get("/ours")
@allow(Permission.MANAGE_CLINIC)
def ours() -> Any:
    """The same of a form that comes with Fernleaf."""
    return _shown(_ours())


@bp.post("/ours")
@allow(Permission.MANAGE_CLINIC)
def send_ours() -> Any:
    """What patients would meet next in it. Nothing is kept."""
    return _sent(_ours())


def _ours() -> Preview:
    names = lenders()
    name = request.args.get("form", names[0])
    return Preview(reader.latest(name) if name in names else abort(404))


def _shown(preview: Preview) -> Any:
    place = places.read(request.args.get("at", "") or str(TASKS)).plain
    return _page(preview, place, {}, {}) if place.view == "page" else _parts(preview)


def _sent(preview: Preview) -> Any:
    once()
    made = preview.form
    place, target = places.read(request.form.get("_at", "")).plain, places.asked_for()
    if place.view != "page":
        only()
        return _go(preview, target or TASKS)
    section, page = steps.find(made, place)
    fields = {name: values for name, values in request.form.lists() if not name.startswith(pages.OWN)}
    action = request.form.get("_action", "")
    kept, _saved = without_entry(fields, NOTHING, action)
    entry = read(page.questions, kept, saved=NOTHING, today=clock.today(), write_only=True)
    if action == pages.LEAVE_SECTION:
        return _go(preview, _after(made, Place("page", place.section, len(section.pages))))
    if action == pages.TOGETHER:
        return _go(preview, _after(made, place))
    if action:
        return _page(preview, place, _more(kept, action), {})
    if target is None:
        entry.problems += needs.missing(made, entry.answers, page.questions)
    if entry.problems:
        return _page(preview, place, everything_typed(), {each.field: said(each) for each in entry.problems}), 422
    return _go(preview, target or _after(made, place))


def _more(kept: Mapping[str, Any], action: str) -> dict[str, Any]:
    """What was typed, with one entry of a group more where that was asked for."""
    typed = {name: values[0] if len(values) == 1 else list(values) for name, values in kept.items()}
    verb, _colon, name = action.partition(":")
    count = str(typed.get(f"{name}.count", "0"))
    if verb == "add" and count.isascii() and count.isdecimal() and len(count) <= 2:  # noqa: PLR2004 - as many as can be
        typed[f"{name}.count"] = str(int(count) + 1)
    return typed


def _go(preview: Preview, place: Place) -> Any:
    if place.view != "page":
        return redirect(preview.address(), 303)
    steps.find(preview.form, place)
    return redirect(preview.address(place), 303)


def _parts(preview: Preview) -> str:
    made = preview.form
    parts = [
        {"title": translated(section.heading), "state": "not-started", "minutes": section.minutes,
         "place": places.of_page(made, section, 1)}
        for section in made.sections
    ]  # fmt: skip
    return render_template(
        "admin/previews/parts.html",
        parts=parts, left=sum(section.minutes for section in made.sections), intake=_intake(preview),
        title=translated(made.title), until=None, **_frame(preview),
    )  # fmt: skip


def _page(preview: Preview, place: Place, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    if place.view != "page":
        message = "no page of a preview"
        raise MalformedError(message)
    made = preview.form
    section, page = steps.find(made, place)
    return render_template(
        "admin/previews/show.html",
        **pages.parts_of(_intake(preview), place, typed, errors), back=_before(made, place), notices=(), prompts=(),
        only_when=[*_said(section.when), *_said(page.when)], **_frame(preview),
    )  # fmt: skip


def _frame(preview: Preview) -> dict[str, Any]:
    """What a preview has around it."""
    return {
        "preview": preview, "sent_to": preview.sent_to,
        "everywhere": [(place, _title(section, page)) for place, section, page in _all(preview.form)],
    }  # fmt: skip


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


def _intake(preview: Preview) -> Intake:
    """An intake nobody fills in, that shows every question."""
    made, at = preview.form, preview.row.added_at if preview.row else clock.now()
    response = Response(form=made.id, form_version=made.version, number=1)
    stored: Any = {section.id: ({}, 1, at) for section in made.sections}
    shown = frozenset(question.id for question in made.questions())
    return Intake(response, made, stored, {}, shown, "")
