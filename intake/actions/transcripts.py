"""Typing in a form that a patient filled in on paper: taking it over, what stands on it, and that this is all of it.

What she typed herself is never mixed with it: only a form nobody has touched is taken over, and from then on her own
link says that the clinic is typing it in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, RefusedError, StaleError
from intake.clinical import contacts
from intake.clinical.triage import triage
from intake.clinical.values import value
from intake.forms import conditions, disclosure, merge, reader
from intake.forms.entry import Entry
from intake.forms.merge import PAPER
from intake.forms.model import Form, Kind
from intake.forms.paper import is_printable
from intake.forms.problems import N_
from intake.forms.transcript import said
from intake.store import audit, beginnings, clinicforms, consents, raised, responses, sessions
from intake.store.consents import Consent
from intake.store.people import User
from intake.store.raised import Kept
from intake.store.responses import Response
from intake.store.visits import Visit

HERS = N_("The patient has begun this form herself. What she typed stays: she can go on with her link.")
HERE = N_("The patient has her forms open at this moment. Ask her to close them, or try again in a quarter of an hour.")
NOT_WHOLE = N_("Some parts of this paper are for the treating therapist to type in. The therapist then ends it.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A form of a visit and the title it has; `reason` says why it cannot be typed in, `response` that it was begun."""

    name: str
    title: str
    reason: str = ""
    response: Response | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands under the agreements on the paper."""

    name: str
    on: date


def offered(session: Session, visit: Visit, now: datetime) -> list[Offer]:
    """The forms of a visit that are on paper, each with why it cannot be typed in, and those that it still asks for."""
    there = [each for each in responses.asked(session, visit.id) if each.only is None]
    found = [_offer(reader.load(each.form, each.form_version), each) for each in there]
    due = (clinicforms.newest(session, name) for name in beginnings.due(session, visit, now))
    return [each for each in (*found, *(_offer(form, None) for form in due)) if each is not None]


def _offer(form: Form, response: Response | None) -> Offer | None:
    if not is_printable(form):
        return None
    return Offer(form.id, form.title, _reason_not_to_take(response), response)


def _reason_not_to_take(response: Response | None) -> str:
    if response is None:
        return ""
    if response.status == responses.COMPLETED:
        return N_("This form is handed in already.")
    if response.is_from_paper:
        return N_("This form is being typed in already.")
    return HERS if response.touched else ""


def start(
    session: Session, visit: Visit, name: str, source: str, *, filled_on: date, idle: timedelta, by: User, now: datetime
) -> Response:
    """Take a form of a visit over, or begin it: from now on staff types in what the paper says.

    RefusedError with the reason: she is at it, or has begun it; it is in; it is none that is put on paper.
    """
    # Nobody comes in meanwhile: that holds the visit too.
    session.refresh(visit, attribute_names=["version", "cancelled_at"], with_for_update=True)
    if visit.cancelled_at is not None:
        message = N_("This visit was called off, so there is nothing to prepare for.")
        raise RefusedError(message)
    if sessions.is_in(session, visit.id, now - idle):
        raise RefusedError(HERE)
    response = _taken(session, visit, name, now)
    response.source, response.entered_by_id, response.filled_on = source, by.id, filled_on
    session.flush()
    audit.record(session, "transcript.begun", actor=by, subject=response, now=now)
    session.commit()
    return response


def _taken(session: Session, visit: Visit, name: str, now: datetime) -> Response:
    """The form, held; a new one where the visit only asks for it."""
    offers = [each for each in offered(session, visit, now) if each.name == name]
    free = [each for each in offers if not each.reason]
    if not free:
        raise RefusedError(offers[-1].reason if offers else N_("This form is not asked for at this visit."))
    response = free[0].response
    if response is None:
        if not responses.has_room(session, visit.id):
            message = N_("A visit can ask for 9 forms at most.")
            raise RefusedError(message)
        return beginnings.begin(session, visit, name, now=now)
    responses.lock(session, response)
    session.refresh(response, ["sections"])
    if reason := _reason_not_to_take(response):
        raise RefusedError(reason)
    return response


@dataclass(frozen=True, slots=True)
class Saved:
    """After a save: the section's version, and the warning signs that are new."""

    version: int
    new_rules: frozenset[str]


def save(
    session: Session, response: Response, section: str, entry: Entry, asked: Collection[str], *,
    base: int, leaving: bool, by: User, today: date, now: datetime,
) -> Saved:  # fmt: skip
    """Keep what the paper says to some questions of a section, and raise the warning signs that shows.

    `asked` are the questions on the page: what is blank when it is left was left blank. StaleError when an answer was
    changed in another window since version `base`; nothing is saved then.
    """
    _still_typing(session, response)
    stored = responses.sections(session, response.id)
    saved, version, _at = stored[section]
    at = now.isoformat(timespec="seconds")
    merged = merge.merge(saved, entry, base=base, version=version, at=at, by=PAPER)
    if merged.conflicts or base > version:
        raise StaleError(merged.conflicts)
    form, mine, changed = responses.form_of(response), dict(merged.answers), merged.changed
    answers = _all(stored) | said(mine)
    if leaving:
        troubled = {problem.field.partition(".")[0] for problem in entry.problems}
        blank = merge.skip(frozenset(asked) & conditions.visible(form, answers) - troubled, mine)
        mine, changed = mine | merge.stamped(blank, version, at, PAPER), changed or bool(blank)
    if changed:
        if not responses.save_section(session, response.id, section, mine, over=version, now=now):
            raise StaleError
        version += 1
        _tell_the_desk(response, entry, mine, saved)
    kept = _raise(session, response, form, answers, today, now)
    audit.record(session, "transcript.saved", actor=by, subject=response, now=now)
    session.commit()
    return Saved(version, kept.new)


def _still_typing(session: Session, response: Response) -> None:
    responses.lock(session, response)
    if response.status != responses.IN_PROGRESS or not response.is_from_paper:
        raise FinalError


def _all(stored: Mapping[str, Any]) -> dict[str, Any]:
    return said({name: answer for answers, _version, _at in stored.values() for name, answer in answers.items()})


def _tell_the_desk(response: Response, entry: Entry, answers: Mapping[str, Any], earlier: Mapping[str, Any]) -> None:
    """What the paper says of safe ways to reach her counts at once. It may be older than what is on file."""
    patient = response.patient
    if contacts.SAID & (entry.answers.keys() | entry.emptied):
        patient.contacts = contacts.with_word_on_paper(patient.contacts, answers, earlier)
    if not patient.name_used and (name := value(entry.answers, "id_name_used")):
        patient.name_used = name


def _raise(
    session: Session, response: Response, form: Form, answers: Mapping[str, Any], today: date, now: datetime
) -> Kept:
    shown = conditions.visible_answers(form, answers)
    return raised.keep(session, response, triage(shown, today=today), now)


def hand_back(session: Session, response: Response, *, by: User, now: datetime) -> None:
    """It was a mistake: the form is hers again, while nothing is typed in. Twice changes nothing."""
    responses.lock(session, response)
    if response.status != responses.IN_PROGRESS:
        raise FinalError
    if not response.is_from_paper:
        return
    session.refresh(response, ["sections"])
    if response.touched:
        message = N_("Something is typed in already, so the form cannot be given back any more.")
        raise RefusedError(message)
    response.source, response.entered_by_id, response.filled_on = responses.SELF, None, None
    audit.record(session, "transcript.handed-back", actor=by, subject=response, now=now)
    session.commit()


def finish(
    session: Session, response: Response, *, ceiling: str, signature: Signature | None, by: User, today: date,
    now: datetime,
) -> None:  # fmt: skip
    """This is what the paper says: from now on it is final, as any form that was handed in. Twice changes nothing.

    Agreements are kept as signed on paper where somebody saw the signature; without one they are none. RefusedError
    where `ceiling`, the highest tier its typist may see, leaves something of the paper to somebody else.
    """
    responses.lock(session, response)
    if response.status == responses.COMPLETED:
        return
    if not response.is_from_paper or response.status != responses.IN_PROGRESS:
        raise FinalError
    form, stored = responses.form_of(response), responses.sections(session, response.id)
    if disclosure.restricted(form, ceiling).by_id.keys() != form.by_id.keys():
        raise RefusedError(NOT_WHOLE)
    counted = conditions.visible_answers(form, _all(stored))
    _raise(session, response, form, counted, today, now)
    dropped = responses.drop_hidden(session, response.id, stored, counted, now)
    response.dropped = [name for name in dropped if name in _all(stored)]
    if signature is not None:
        session.add_all(_agreed(response, form, counted, signature, by, now))
    response.status, response.completed_at, response.entered_by_id = responses.COMPLETED, now, by.id
    audit.record(session, "transcript.finished", actor=by, subject=response, now=now)
    session.commit()


def _agreed(
    response: Response, form: Form, counted: Mapping[str, Any], signature: Signature, by: User, now: datetime
) -> Iterator[Consent]:
    for question in form.questions():
        if question.kind is Kind.CONSENT and "value" in counted.get(question.id, {}):
            made = consents.given(response, question, counted[question.id], signer=signature.name, now=now)
            made.on_paper, made.seen_by = signature.on, by.name
            yield made
