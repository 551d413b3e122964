"""Which page comes when: the patient's form as a row of steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import abort, request

from intake.clinical.measures import reading
from intake.forms import conditions, needs, reader, recall
from intake.forms.entry import is_write_only
from intake.forms.excerpt import excerpt
from intake.forms.merge import BEFORE, START
from intake.forms.model import Form, Kind, Page, Question, Section
from intake.forms.recall import Before
from intake.store import history, responses
from intake.store.pages import Stored
from intake.store.responses import Response
from intake.web import clock, visitors
from intake.web.database import READS, session
from intake.web.patient import logs, places
from intake.web.patient.places import ASIDE, CHECK, DONE, TASKS, Place
from intake.web.say import translated


@dataclass(frozen=True)
class Intake:
    """A patient's form as read for one request: its answers and section versions; `link` is what she came in with.

    Where only a part is asked again, `form` is cut down to it, `whole` is the form it is a part of, and `known` what
    was said before: it counts, and is not shown. `before` is what she is asked to call right: as far as it stands it is
    among the answers.
    """

    response: Response
    form: Form
    stored: Stored
    answers: Mapping[str, Any]
    shown: frozenset[str]
    link: str
    whole: Form | None = None
    known: Mapping[str, Any] = field(default_factory=dict)
    before: Before = field(default_factory=dict)

    @property
    def born(self) -> date:
        """Her birthday."""
        return self.response.patient.birth_date

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
    def about_now(self) -> frozenset[str]:
        """The questions that ask who is there: the answers are about one sitting."""
        return frozenset(condition.question for condition in self.form.private_when.conditions)

    @cached_property
    def others(self) -> Sequence[Response]:
        """The forms of the visit, this one among them, in order; saving a page has no use for them."""
        return responses.asked(session, self.response.visit_id)

    @property
    def next(self) -> Response | None:
        """The first form of the visit that still waits for her, when it is another one."""
        return next((each for each in self.others if each.is_waiting and each.id != self.response.id), None)

    def hides(self, question: Question) -> bool:
        """Whether her own screen says no more of an answer than that there is one."""
        return is_write_only(question) or question.id in self.earlier

    def is_of_sitting(self, name: str) -> bool:
        """Whether an answer was given since she came in, in this browser: another device can be in at the same time."""
        answer, login = self.answers.get(name, {}), visitors.sitting()
        if login is None or not answer.get("at") or answer.get("in") != visitors.mark():
            return False
        return datetime.fromisoformat(answer["at"]) >= login.started_at.replace(microsecond=0)

    def seen(self) -> dict[str, Any]:
        """The answers she knows of: what her screen shows her, and what she has said or called right since she came in.

        What she called right without reading its words is none of them.
        """
        shown = self.counting()
        found = {name: self._known(self.form.by_id[name], answer) for name, answer in shown.items()}
        return {name: answer for name, answer in found.items() if answer is not None}

    def counting(self) -> conditions.Answers:
        """The answers that the warning rules look at: hers, and of earlier ones those that she has called right."""
        return recall.counting(self.form, conditions.visible_answers(self.form, self.answers))

    def reads(self, asking: Question) -> bool:
        """Whether the question that asks if a part is still right shows her the words of last time."""
        clinic = clock.clinic()
        return not asking.quiet and (clinic is None or clinic.recall)

    def _is_unread(self, question: Question) -> bool:
        """Whether an earlier answer stands that no page shows her in words."""
        if self.answers.get(question.id, {}).get("by") != BEFORE:
            return False
        asking = self.form.by_id[recall.parts(self.form)[self.form.section_of[question.id].id]]
        shown = {said.question.id for said in recall.recalled(self.form, asking, self.before)}
        return question.id not in shown or not self.reads(asking)

    def _known(self, question: Question, answer: Any) -> Any:
        if self._is_unread(question):
            return None
        if self.hides(question):
            return answer if self.is_of_sitting(question.id) else None
        private = {child.id for child in question.questions if is_write_only(child)}
        if not private or "value" not in answer:
            return answer
        entries = [{name: said for name, said in entry.items() if name not in private} for entry in answer["value"]]
        return {**answer, "value": entries}

    def hidden(self) -> frozenset[str]:
        """The ids and codes of every question whose answer is not shown, those inside groups included.

        What is known from another form was said at another time, so none of it is.
        """
        known = self.known.keys() - {name for name, answer in self.answers.items() if needs.settled(answer)}
        return frozenset(known) | said_by(
            each
            for question in (self.whole or self.form).questions()
            for each in (question, *question.questions)
            if self.hides(question)
            or is_write_only(each)
            or question.id not in self.form.by_id
            or question.id in known
            or self._is_unread(question)
        )

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of each section."""
        return {name: version for name, (_given, version, _at) in self.stored.items()}

    def own(self, section: Section) -> Mapping[str, Any]:
        """The answers of one section."""
        return {q.id: self.answers[q.id] for q in section.questions() if q.id in self.answers}


def own_intake(_session: object, visitor: Any) -> Response | None:
    """The form the patient who is asking is at: the one her page belongs to, else the first that waits for her."""
    place = places.here() if request.method in READS else places.sent_from()
    return numbered(visitor, place.form)


def numbered(visitor: Any, number: int) -> Response | None:
    """The form of that number of her visit, held when something may be written; 0 is the first that waits for her."""
    asked = responses.asked(session, visitor.visit_id)
    waiting = [each for each in asked if each.is_waiting] or asked[-1:]
    found = next((each for each in asked if each.number == number), None) if number else next(iter(waiting), None)
    if found is None and number and request.method in READS:  # the clinic took it back
        return numbered(visitor, 0)
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
    whole, known = reader.load(response.form, response.form_version), _known(response)
    form = excerpt(whole, response.only, known) if response.only else whole
    before = history.stood(session, response)
    answers = recall.laid(form, given, before)
    shown = conditions.visible(form, answers)
    return Intake(response, form, stored, answers, shown, visitors.link(), whole, known, before)


def _known(response: Response) -> dict[str, Any]:
    """What was said before, where a part is asked again over it."""
    return history.newest(history.before(session, response)) if response.only else {}


def find(form: Form, place: Place) -> tuple[Section, Page]:
    """The section and page of a place; 404 when there is none."""
    section, number = place.section, place.number
    if not 1 <= section <= len(form.sections) or not 1 <= number <= len(form.sections[section - 1].pages):
        abort(404)
    return form.sections[section - 1], form.sections[section - 1].pages[number - 1]


def settled(place: Place, intake: Intake) -> Place:
    """Where she really is: a page that asks nothing any more leads on to the next, a form that is in to its end.

    Whether she can be asked something alone does not hang on how far the form is.
    """
    if place.view == ASIDE.view:
        return place
    if intake.response.status == responses.COMPLETED:
        return DONE
    if place.form not in {0, intake.response.number}:  # the form she was at is not asked any more
        return TASKS
    if place.view in {"done", "start"}:
        return TASKS
    if place.view == "page" and not askable(find(intake.form, place)[1], intake):
        return following(intake, place, intake.answers)
    return _gate(intake) if is_behind_gate(intake, place) else place


def is_behind_gate(intake: Intake, place: Place) -> bool:
    """Whether a page is private and nobody said in this sitting who is there: that is asked first."""
    if place.view != "page" or not find(intake.form, place)[0].private:
        return False
    return not all(intake.is_of_sitting(name) for name in intake.about_now & intake.shown)


def _gate(intake: Intake) -> Place:
    """The first page that asks who is there and has not been answered since she came in."""
    pending = intake.about_now & intake.shown - {name for name in intake.about_now if intake.is_of_sitting(name)}
    return next(
        places.of_page(intake.form, section, number)
        for section in intake.form.sections
        for number, page in enumerate(section.pages, 1)
        if any(question.id in pending for question in page.questions)
    )


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
    """Every id and code that a rule can name when an answer to a question raised it, items of measures too."""
    return frozenset(
        name for q in questions for name in (q.id, *reading.named(q.id), *(option.code for option in q.options))
    )


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
