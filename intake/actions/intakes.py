"""What a patient does with her form: saving a page, reading a warning, handing it in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, NotReadyError, StaleError
from intake.clinical.triage import Flag as Sign
from intake.clinical.triage.earlier import triage_over
from intake.forms import conditions, merge, recall
from intake.forms.entry import Entry
from intake.forms.model import Form, Kind, Page, Section
from intake.forms.needs import missing, settled
from intake.forms.problems import N_, Problem
from intake.forms.recall import Before
from intake.store import audit, consents, history, pages, raised, responses
from intake.store.flags import Flag
from intake.store.pages import Sent, Stored
from intake.store.responses import Response

NOTHING: conditions.Answers = {}


@dataclass(frozen=True, slots=True)
class Saved:
    """After a save: the section's version, all answers, what is missing on the page, and the signs that are new."""

    version: int
    answers: dict[str, Any]
    missing: tuple[Problem, ...]
    signs: tuple[Sign, ...]
    new_rules: frozenset[str]


def save_page(
    session: Session,
    response: Response,
    form: Form,
    section: Section,
    page: Page,
    entry: Entry,
    stored: Stored,
    *,
    base: int,
    leaving: bool,
    link: str,
    afresh: Collection[str] = (),
    today: date,
    now: datetime,
    known: conditions.Answers = NOTHING,
    before: Before = recall.NOTHING,
) -> Saved:
    """Keep a page's good answers, marked with the link she came in with, and raise the warning signs they show.

    `stored` are the sections as read in this transaction, so that they are read once; `known` is what a part of a form
    is asked over; `before` is what she is asked to call right.
    StaleError when an answer was changed in another window since version `base`; nothing is saved then.
    """
    _only_hers(response)
    sent = Sent(section.id, entry, base, link, now, afresh)
    laid = pages.lay(stored, sent)
    if laid.is_stale:
        raise StaleError(laid.conflicts)
    answers = recall.laid(form, pages.together(stored) | dict(laid.answers), before)
    shown, counted = conditions.walk(form, answers)
    version = pages.keep(session, response, sent, laid, _asked_on(page, answers) & shown if leaving else pages.NONE)
    if version is None:
        raise StaleError
    signs = triage_over(form, known, recall.counting(form, counted), today=today, born=response.patient.birth_date)
    kept = raised.keep(session, response, signs, now)
    session.commit()
    left_open = missing(form, answers, page.questions, walked=(shown, counted)) if leaving else ()
    return Saved(version, dict(answers), left_open, signs, kept.new | kept.unread)


def _only_hers(response: Response) -> None:
    """What is in, was taken back, or is typed in from her paper by the clinic, she cannot change."""
    if response.status != responses.IN_PROGRESS or response.is_from_paper:
        raise FinalError


def leave_for_visit(
    session: Session, response: Response, section: Section, *, base: int, link: str, now: datetime
) -> None:
    """Leave a whole section for the visit: what she has answered stays, the rest is kept to be said in person."""
    _only_hers(response)
    stored = responses.sections(session, response.id)
    mine, version, _at = stored[section.id]
    if version != base:
        raise StaleError
    left = {
        question.id: {"status": "in-person" if question.may_tell_in_person else "skipped"}
        for question in section.questions()
        if question.kind is not Kind.DISPLAY and not settled(mine.get(question.id))
    }
    marked = merge.stamped(left, version, now.isoformat(timespec="seconds"), link)
    if not responses.save_section(session, response.id, section.id, {**mine, **marked}, over=version, now=now):
        raise StaleError
    audit.record(session, "intake.section-left", subject=response, now=now)
    session.commit()


def _asked_on(page: Page, answers: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(q.id for q in page.questions if q.kind is not Kind.DISPLAY and recall.is_asked(q, answers))


def reply(session: Session, flag: Flag, answer: str, *, by: object, now: datetime) -> None:
    """Keep that the patient has read a warning ("read") or ticked it by mistake ("mistake"). The flag stays."""
    flag.patient_reply, flag.patient_replied_at = answer, now
    audit.record(session, f"flag.{answer}", actor=by, subject=flag, now=now)
    session.commit()


def submit(
    session: Session,
    response: Response,
    form: Form,
    *,
    signer: str,
    by: object,
    today: date,
    now: datetime,
    known: conditions.Answers = NOTHING,
) -> None:
    """Hand the form in: drop hidden answers with a record, keep the consents as worded, freeze the rest.

    NotReadyError with every question that still needs an answer. Handing in twice changes nothing.
    """
    if response.status == responses.COMPLETED:
        return
    _only_hers(response)
    stored = responses.sections(session, response.id)
    answers = recall.laid(form, pages.together(stored), history.stood(session, response))
    shown, counted = conditions.walk(form, answers)
    reasons = list(missing(form, answers, walked=(shown, counted)))
    if not signer:
        reasons.append(Problem("signer", N_("Please type your name to sign.")))
    if reasons:
        raise NotReadyError(reasons)
    # Time passes: a wound can be three weeks old by now.
    signs = triage_over(form, known, recall.counting(form, counted), today=today, born=response.patient.birth_date)
    raised.keep(session, response, signs, now)
    response.dropped = responses.drop_hidden(session, response.id, stored, recall.own(counted), now)
    for question in form.questions():
        answer = answers.get(question.id, {})  # a consent that is optional may have been passed over
        if question.kind is Kind.CONSENT and question.id in shown and "value" in answer:
            session.add(consents.given(response, question, answer, signer=signer, now=now))
    response.status, response.completed_at = responses.COMPLETED, now
    audit.record(session, "intake.submitted", actor=by, subject=response, now=now)
    session.commit()
