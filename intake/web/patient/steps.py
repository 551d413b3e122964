"""Which page comes when: the patient's form as a row of steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from flask import abort, request

from intake.actions.intakes import Stored
from intake.forms import conditions, reader, recall
from intake.forms.entry import is_write_only
from intake.forms.merge import BEFORE, START
from intake.forms.model import Form, Kind, Page, Question, Section
from intake.forms.recall import Before
from intake.store import history, responses
from intake.store.responses import Response
from intake.web import visitors
from intake.web.database import READS, session
from intake.web.patient import logs, places
from intake.web.patient.places import CHECK, DONE, TASKS, Place
from intake.web.say import translated


@dataclass(frozen=True)
class Intake:
    """A patient's form as read for one request: its answers and section versions; `link` is what she came in with.

    `others` are the forms of the visit, this one among them, in order. `before` is what she said in earlier forms; as
    far as it stands it is among the answers.
    """

    response: Response
    form: Form
    stored: Stored
    answers: Mapping[str, Any]
    shown: frozenset[str]
    link: str
    others: Sequence[Response] = ()
    before: Before = field(default_factory=dict)

    @cached_property
    def earlier(self) -> frozenset[str]:
        """The questions that were answered with another link.

        Whoever makes a link can come in with it: what was said before is not read that way.
        """
        not_hers_here = {self.link, START, BEFORE}
        logs = {question.id for question in self.form.questions() if question.log}  # they hide entry by entry
        found = (name for name, answer in self.answers.items() if answer.get("by") not in not_hers_here)
        return frozenset(found) - logs

    @property
    def next(self) -> Response | None:
        """The first form of the visit that is not in yet, when it is another one."""
        waiting = (each for each in self.others if each.status != responses.COMPLETED and each.id != self.response.id)
        return next(waiting, None)

    def hides(self, question: Question) -> bool:
        """Whether her own screen says no more of an answer than that there is one."""
        return is_write_only(question) or question.id in self.earlier

    def hidden(self) -> frozenset[str]:
        """The ids and codes of every question whose answer is not shown, those inside groups included."""
        return said_by(
            each
            for question in self.form.questions()
            for each in (question, *question.questions)
            if self.hides(question) or is_write_only(each)
        )

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of each section."""
        return {name: version for name, (_given, version, _at) in self.stored.items()}

    def own(self, section: Section) -> Mapping[str, Any]:
        """The answers of one section."""
        return {q.id: self.answers[q.id] for q in section.questions() if q.id in self.answers}


def own_intake(_session: object, visitor: Any) -> Response | None:
    """The form the patient who is asking is at: the one her page belongs to, else the first that is not in."""
    place = places.here() if request.method in READS else places.sent_from()
    return numbered(visitor, place.form)


def numbered(visitor: Any, number: int) -> Response | None:
    """The form of that number of her visit, held when something may be written; 0 is the first that is not in."""
    asked = responses.asked(session, visitor.visit_id)
    waiting = [each for each in asked if each.status != responses.COMPLETED] or asked[-1:]
    found = next((each for each in asked if each.number == number), None) if number else next(iter(waiting), None)
    if found is None:
        return None
    places.within(found.number)
    if request.method not in READS:
        responses.lock(session, found)
    return found


def opened(response: Response) -> Intake:
    """Read the intake's answers."""
    stored = responses.sections(session, response.id)
    given = {name: answer for answers, _version, _at in stored.values() for name, answer in answers.items()}
    form, before = reader.load(response.form, response.form_version), history.before(session, response)
    answers, others = recall.laid(form, given, before), responses.asked(session, response.visit_id)
    return Intake(response, form, stored, answers, conditions.visible(form, answers), visitors.link(), others, before)


def find(form: Form, place: Place) -> tuple[Section, Page]:
    """The section and page of a place; 404 when there is none."""
    section, number = place.section, place.number
    if not 1 <= section <= len(form.sections) or not 1 <= number <= len(form.sections[section - 1].pages):
        abort(404)
    return form.sections[section - 1], form.sections[section - 1].pages[number - 1]


def settled(place: Place, intake: Intake) -> Place:
    """Where she really is: a page that asks nothing any more leads on to the next, a form that is in to its end."""
    if intake.response.status == responses.COMPLETED:
        return DONE
    if place.view in {"done", "start"}:
        return TASKS
    if place.view == "page" and not askable(find(intake.form, place)[1], intake):
        return following(intake, place, intake.answers)
    return place


def following(intake: Intake, place: Place, answers: Mapping[str, Any]) -> Place:
    """The place after a page: the next page with something to ask, or the check at the end."""
    for other in _pages(intake, answers):
        if (other.section, other.number) > (place.section, place.number):
            return other
    return CHECK


def before(intake: Intake, place: Place) -> Place:
    """The page before this one, or the list of parts."""
    found = TASKS
    for other in _pages(intake, intake.answers):
        if (other.section, other.number) >= (place.section, place.number):
            break
        found = other
    return found


def _pages(intake: Intake, answers: Mapping[str, Any]) -> Iterator[Place]:
    for section, number, _page in pages(intake, answers):
        yield places.of_page(intake.form, section, number)


def pages(intake: Intake, answers: Mapping[str, Any]) -> Iterator[tuple[Section, int, Page]]:
    """The pages that ask her something, with these answers."""
    shown = conditions.visible(intake.form, answers)
    for section, number, page in conditions.pages_shown(intake.form, answers):
        if any(q.id in shown and recall.is_asked(q, answers) for q in page.questions):
            yield section, number, page


def askable(page: Page, intake: Intake) -> list[Question]:
    """The questions a page shows: those that hold, and those that hang on another of the same page.

    Without script nothing can appear later, so the second kind is there from the start, marked "if yes to …".
    """
    asked = [question for question in page.questions if recall.is_asked(question, intake.answers)]
    here = {question.id for question in asked}
    if not here & intake.shown:
        return []
    return [q for q in asked if q.id in intake.shown or any(c.question in here for c in q.when.conditions)]


def sent(page: Page, intake: Intake, fields: Mapping[str, Any]) -> list[Question]:
    """The questions a submitted page speaks of: those it shows now, and any that it showed when it was opened."""
    roots = {name.partition(".")[0] for name in fields}
    now = askable(page, intake)
    known = [question for question in page.questions if recall.is_asked(question, intake.answers)]
    return [question for question in known if question in now or question.id in roots]


def worded(intake: Intake, question: Question) -> Question:
    """The question as she reads it: where it is about something she named herself, her words stand before it."""
    words = given_words(intake.answers, question.words)
    return replace(question, text=f"\u201c{words}\u201d: {translated(question.text)}") if words else question


def given_words(answers: Mapping[str, Any], name: str) -> str:
    """The words somebody gave as an answer; empty where there are none."""
    return str(answers.get(name, {}).get("value") or "") if name else ""


def masked(intake: Intake, question: Question) -> Any:
    """A saved answer as the patient's own screen may show it: what it hides only as "answered"."""
    answer = intake.answers.get(question.id)
    if question.log:
        answer = logs.hers(answer, intake.link)
    return {"saved": True} if is_from_before(intake, question) else _masked(question, answer)


def is_from_before(intake: Intake, question: Question) -> bool:
    """Whether something was said with another link."""
    return question.id in intake.earlier and _is_said(intake.answers[question.id])


def _is_said(answer: Any) -> bool:
    return answer is not None and answer.get("status") != "skipped"


def said_by(questions: Iterable[Question]) -> frozenset[str]:
    """Every id and code that a rule can name when an answer to one of the questions raised it."""
    return frozenset(name for q in questions for name in (q.id, *(option.code for option in q.options)))


def _masked(question: Question, answer: Any) -> Any:
    if not _is_said(answer):
        return None
    if is_write_only(question):
        return {"saved": True}
    if question.kind is Kind.GROUP and "value" in answer:
        children = {child.id: child for child in question.questions}
        return {
            "value": [
                {name: _masked(children[name], said) for name, said in entry.items()} for entry in answer["value"]
            ]
        }
    return answer
