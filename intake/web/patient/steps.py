"""Which page is which: the patient's form as a row of steps with neutral addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for

from intake.actions.intakes import Stored
from intake.forms import conditions, reader
from intake.forms.entry import is_write_only
from intake.forms.model import Form, Kind, Page, Question, Section
from intake.store import responses
from intake.store.responses import Response
from intake.web.database import READS, session


@dataclass(frozen=True, slots=True)
class Intake:
    """An intake as read for one request: its form, answers and section versions."""

    response: Response
    form: Form
    stored: Stored
    answers: Mapping[str, Any]
    shown: frozenset[str]

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of each section."""
        return {name: version for name, (_given, version, _at) in self.stored.items()}

    def own(self, section: Section) -> Mapping[str, Any]:
        """The answers of one section."""
        return {q.id: self.answers[q.id] for q in section.questions() if q.id in self.answers}


def own_intake(_session: object, visitor: Any) -> Response | None:
    """The intake of the patient who is asking."""
    found = responses.intake_of(session, visitor.visit_id)
    if found is not None and request.method not in READS:
        responses.lock(session, found)
    return found


def opened(response: Response) -> Intake:
    """Read the intake's answers."""
    stored = responses.sections(session, response.id)
    answers = {name: answer for given, _version, _at in stored.values() for name, answer in given.items()}
    form = reader.load(response.form, response.form_version)
    return Intake(response, form, stored, answers, conditions.visible(form, answers))


def url(form: Form, section: Section, page: int) -> str:
    """A page's address: numbers only, so that a browser's history names no topic."""
    return url_for("patient.form.page", section=form.sections.index(section) + 1, page=page)


def find(form: Form, section: int, page: int) -> tuple[Section, Page]:
    """The section and page of an address; 404 when there is none."""
    if not 1 <= section <= len(form.sections) or not 1 <= page <= len(form.sections[section - 1].pages):
        abort(404)
    return form.sections[section - 1], form.sections[section - 1].pages[page - 1]


def following(intake: Intake, section: Section, page: int, answers: Mapping[str, Any]) -> str:
    """The address after this page: the next page with something to ask, or the check at the end."""
    order = list(intake.form.sections)
    here = (order.index(section), page)
    for other, number, _page in conditions.pages_shown(intake.form, answers):
        if (order.index(other), number) > here:
            return url(intake.form, other, number)
    return url_for("patient.finish.check")


def before(intake: Intake, section: Section, page: int) -> str:
    """The address of the page before this one, or the list of parts."""
    order = list(intake.form.sections)
    here, found = (order.index(section), page), url_for("patient.form.tasks")
    for other, number, _page in conditions.pages_shown(intake.form, intake.answers):
        if (order.index(other), number) >= here:
            break
        found = url(intake.form, other, number)
    return found


def askable(page: Page, intake: Intake) -> list[Question]:
    """The questions a page shows: those that hold, and those that hang on another of the same page.

    Without script nothing can appear later, so the second kind is there from the start, marked "if yes to …".
    """
    here = {question.id for question in page.questions}
    if not here & intake.shown:
        return []
    return [q for q in page.questions if q.id in intake.shown or any(c.question in here for c in q.when.conditions)]


def sent(page: Page, intake: Intake, fields: Mapping[str, Any]) -> list[Question]:
    """The questions a submitted page speaks of: those it shows now, and any that it showed when it was opened."""
    roots = {name.partition(".")[0] for name in fields}
    now = askable(page, intake)
    return [question for question in page.questions if question in now or question.id in roots]


def masked(question: Question, answer: Any) -> Any:
    """A saved answer as the patient's own screen may show it: sensitive ones only as "answered"."""
    if answer is None or answer.get("status") == "skipped":
        return None
    if is_write_only(question):
        return {"saved": True}
    if question.kind is Kind.GROUP and "value" in answer:
        children = {child.id: child for child in question.questions}
        return {
            "value": [{name: masked(children[name], said) for name, said in entry.items()} for entry in answer["value"]]
        }
    return answer
