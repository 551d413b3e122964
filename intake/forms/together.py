"""One tap for "nothing here": what it answers on a page, and what it leaves alone.

A page may name the words of such a button (docs/forms.md). It speaks only for what stands open above it: what she has
answered, what she left for the visit, what is folded away and what is not shown stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from intake.forms.conditions import Answer, Answers, visible
from intake.forms.entry import Entry, is_write_only, offered
from intake.forms.faults import Fault, shown, within
from intake.forms.model import Form, Kind, Need, Page, Question, Section
from intake.forms.needs import settled
from intake.forms.problems import N_

MARK = "together"  # on an answer that was given this way, so that staff can tell
PLAIN = ("none", "never")  # codes that mean that nothing is there, whatever is asked
ONE = frozenset({Kind.YES_NO, Kind.CHOICE})


def nothing(question: Question) -> str:
    """The code that means that nothing is there: the one that is named, or the plain one; empty when there is none."""
    if question.none:
        return question.none
    if question.kind is Kind.YES_NO:
        return "no"
    if question.kind in ONE | {Kind.CHOICES}:
        return next((code for code in PLAIN if code in question.codes), "")
    return ""


def spoken_for(page: Page) -> tuple[Question, ...]:
    """The questions of a page that its button can answer.

    They are in sight whatever else is answered, so what hangs on another question of the page is none of them: where
    that one says "yes, a scar", no tap on "no scars" must say that it is not closed.
    """
    return tuple(q for q in page.questions if page.none and nothing(q) and not q.fold and not _hangs(q, page))


def _hangs(question: Question, page: Page) -> bool:
    here = {each.id for each in page.questions}
    return any(condition.question in here for condition in question.when.conditions)


def answered(form: Form, page: Page, answers: Answers, entry: Entry) -> dict[str, Answer]:
    """What the button answers, given what is kept and what the page sends along."""
    known = {name: answer for name, answer in answers.items() if name not in entry.emptied} | entry.answers
    troubled = {problem.field.partition(".")[0] for problem in entry.problems}
    found: dict[str, Answer] = {}
    for question in spoken_for(page):
        if settled(known.get(question.id)) or question.id in troubled or question.id not in visible(form, known):
            continue
        code = nothing(question)
        known[question.id] = found[question.id] = {"value": code if question.kind in ONE else [code], MARK: True}
    return found


def faults(section: Section, page: Page, place: str) -> Iterator[Fault]:
    """What is wrong with a page's button: it settles all that is required, and never speaks for what is private."""
    for question in page.questions if page.none else ():
        where = within(place, question.id)
        if section.private or is_write_only(question) or question.kind is Kind.CONSENT:
            yield Fault(where, N_("one tap must not answer what is private, nor a consent. Take `none` off the page."))
        elif nothing(question) and nothing(question) not in offered(question):
            yield Fault(
                where, N_("%(code)s is not offered. Name one of its options."), {"code": shown(nothing(question))}
            )
        elif question.need is not Need.OPTIONAL and not _hangs(question, page) and question not in spoken_for(page):
            yield Fault(where, N_("it is required, and one tap would leave it open. Name the code for nothing there."))
