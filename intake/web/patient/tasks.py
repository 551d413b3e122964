"""The parts of the form: how far each has come, and where to go on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from intake.forms import conditions, reader, recall
from intake.forms.model import Kind, Section
from intake.store import responses
from intake.store.responses import Response
from intake.web import visitors
from intake.web.patient import alone, places, steps
from intake.web.patient.places import Place
from intake.web.patient.steps import Intake


def show(intake: Intake) -> Any:
    """The parts of the form, how far each has come, and until when the answers are kept."""
    parts = _parts(intake)
    left = sum(part["minutes"] for part in parts if part["state"] not in {"done", "in-person"})
    return render_template(
        "patient/tasks/show.html", parts=parts, left=left, intake=intake, title=_(intake.form.title),
        others=_others(intake), until=visitors.until(), aside=alone.is_offered(intake),
    )  # fmt: skip


def title(response: Response) -> str:
    """What a form of hers is called: the part, where one part is asked again."""
    form = reader.load(response.form, response.form_version)
    if response.only:
        return str(_("Once more: %(part)s", part=_(form.section(response.only).heading)))
    return str(_(form.title))


def _others(intake: Intake) -> list[dict[str, Any]]:
    """The other forms of the visit, and the way to each that is not in yet."""
    waiting = [each for each in intake.others if each.id != intake.response.id]
    return [{"title": title(each), "state": _progress(each), "place": _begins(each), "minutes": 0} for each in waiting]


def _progress(response: Response) -> str:
    if response.status == responses.COMPLETED:
        return "done"
    return "in-progress" if response.touched else "not-started"


def _begins(response: Response) -> Place | None:
    return None if response.status == responses.COMPLETED else replace(places.TASKS, form=response.number)


def _parts(intake: Intake) -> list[dict[str, Any]]:
    kept = conditions.kept_for_visit(intake.form, intake.answers)
    pages = reversed(list(steps.pages(intake, intake.answers)))
    first = {section.id: number for section, number, _page in pages}
    parts = []
    for section in intake.form.sections:
        if section.id in first:
            place = places.of_page(intake.form, section, first[section.id])
            parts.append(_part(section, _state(section, intake), place))
        elif section in kept and "pre_private" in intake.answers:
            parts.append(_part(section, "in-person", None))
    return parts


def _part(section: Section, state: str, place: Place | None) -> dict[str, Any]:
    return {"title": _(section.heading), "state": state, "place": place, "minutes": section.minutes}


def _state(section: Section, intake: Intake) -> str:
    shown = [q for q in section.questions() if q.id in intake.shown and q.kind is not Kind.DISPLAY]
    asked = [q for q in shown if recall.is_asked(q, intake.answers)]
    reached = [q for q in asked if q.id in intake.answers]
    if not reached:
        return "not-started"
    return "done" if len(reached) == len(asked) else "in-progress"
