"""Quotes from a paper form that was taken out or corrected afterwards: a line beside each, in notes and in care plans.

What was signed or handed over stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from intake.clinical import plan as planning
from intake.clinical import quotes
from intake.clinical.values import value
from intake.forms.model import Form, Question, Tier
from intake.store import amendments, history, responses
from intake.store.amendments import Amendment
from intake.store.notes import Note
from intake.store.plans import Plan
from intake.store.responses import Response
from intake.web import filters
from intake.web.clinic.drafts import Draft
from intake.web.database import session

INTAKE = "intake"  # the form that notes quote
Still = Callable[[Question, str], frozenset[str]]


def beside(note: Note, draft: Draft) -> dict[str, str]:
    """{question: line} for the answers of a note that hold words of a sheet which does not count any more."""
    gone = amendments.since(session, note.patient_id, INTAKE, note.created_at)
    if not gone:
        return {}
    found: dict[str, str] = {}
    for amendment, response in gone:
        told = _told(_last(amendment, response, gone))
        found |= {question.id: told for question in _quoting(draft, _said(response), _still(note, response))}
    return found


def in_plan(plan: Plan, draft: Draft) -> dict[str, str]:
    """The same for a care plan, which starts with what the patient said matters most to her."""
    gone = amendments.since(session, plan.patient_id, INTAKE, plan.created_at)
    here = responses.intake_of(session, plan.visit_id) if gone else None
    still = planning.own_words(_said(here)[1]) if here is not None else ""
    held = _plain(value(draft.answers, planning.OWN_WORDS) or "")
    found: dict[str, str] = {}
    for amendment, response in gone:
        words = planning.own_words(_said(response)[1])
        if words and words != still and _plain(words) in held:
            found[planning.OWN_WORDS] = _told(_last(amendment, response, gone))
    return found


def _plain(text: str) -> str:
    """Words however they are broken into lines."""
    return " ".join(text.split())


def _still(note: Note, gone: Response) -> Still:
    """Which of the lines that an answer of the note holds stand all the same.

    By the intake of its visit; what a sheet of another visit said, where there is none, by what stands of all of them.
    """
    here = responses.intake_of(session, note.visit_id)
    if here is not None:
        form, answers = _said(here)
        return lambda question, text: quotes.quoted(question, form, answers, text)
    before = history.stands_at(session, note.visit, Tier.SAFETY) if gone.visit_id != note.visit_id else {}
    return lambda question, text: quotes.stands(question, before, text)


def _said(response: Response) -> tuple[Form, Mapping[str, Any]]:
    return responses.form_of(response), responses.answers(session, response.id)


def _quoting(draft: Draft, gone: tuple[Form, Mapping[str, Any]], still: Still) -> Iterator[Question]:
    """The questions of a note whose answers still hold a line of what is gone, and not because it is said anew."""
    for question in draft.form.questions():
        text = draft.answers.get(question.id, {}).get("value")
        is_quoting = bool(question.quotes) and isinstance(text, str)
        if is_quoting and quotes.quoted(question, *gone, text) - still(question, text):
            yield question


def _last(amendment: Amendment, response: Response, gone: list[tuple[Amendment, Response]]) -> Amendment:
    """What became of a sheet in the end: one that was corrected can be taken out after that."""
    later = next((each for each in gone if each[1].corrects_id == response.id), None)
    if later is None or later[0].kind == amendments.CORRECTED:
        return amendment
    return _last(*later, gone)


def _told(amendment: Amendment) -> str:
    told = {"date": filters.day(amendment.amended_at), "name": amendment.user.name}
    match amendment.kind:
        case amendments.CORRECTED:
            said = _(
                "Quotes a paper form that was corrected on %(date)s by %(name)s: these words count no more.", **told
            )
        case amendments.NOT_HERS:
            said = _(
                "Quotes a paper form that was taken out on %(date)s by %(name)s: it is somebody else\u2019s.", **told
            )
        case amendments.NO_PAPER:
            said = _("Quotes a paper form that was taken out on %(date)s by %(name)s: there is no such paper.", **told)
        case _:
            said = _("Quotes a paper form that was taken out on %(date)s by %(name)s: it is of another visit.", **told)
    return str(said)
