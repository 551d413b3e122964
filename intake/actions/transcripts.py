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
from intake.clinical.corrections import changes
from intake.clinical.triage import triage
from intake.forms import conditions, disclosure, moments, reader
from intake.forms.entry import Entry
from intake.forms.merge import PAPER
from intake.forms.model import Form, Kind
from intake.forms.needs import settled
from intake.forms.paper import is_printable
from intake.forms.problems import N_
from intake.forms.transcript import said, written
from intake.store import (
    amendments,
    audit,
    beginnings,
    clinicforms,
    consents,
    desk,
    held,
    pages,
    presets,
    raised,
    responses,
    sessions,
    versions,
    visitforms,
)
from intake.store.consents import Consent
from intake.store.pages import Sent
from intake.store.people import User
from intake.store.raised import Kept
from intake.store.responses import Response
from intake.store.visits import Visit

HERS = N_("The patient has begun this form herself. What she typed stays: she can go on with her link.")
HERE = N_("The patient has her forms open at this moment. Ask her to close them, or try again in a quarter of an hour.")
SENT = N_("The patient has just sent a page that is added when she comes in again. Ask her to, or wait half an hour.")
THE_SAME = N_("Nothing is changed yet, so there is nothing to keep.")
BLANK = N_("Nothing is typed in, so there is nothing to end. Give the form back, or throw it away.")
NOT_PERMITTED = N_("The permission to use the words of this form had ended on that day. No sheet of it can be of then.")
NOT_WHOLE = N_("Some parts of this paper are for the treating therapist to type in. The therapist then ends it.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A form of a visit and the title it has; `reason` says why it cannot be typed in, `response` that it was begun.

    `versions` are those that its paper can have been printed from, the newest first; `ended` is the last day on which
    the clinic was allowed to use its words, where that is over.
    """

    name: str
    title: str
    versions: tuple[int, ...]
    reason: str = ""
    response: Response | None = None
    ended: date | None = None

    @property
    def asked(self) -> int:
        """The version that the visit asks for."""
        return self.response.form_version if self.response is not None else self.versions[0]

    @property
    def is_open(self) -> bool:
        """Whether it is being typed in."""
        return self.response is not None and self.response.is_being_typed_in


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands under the agreements on the paper."""

    name: str
    on: date


def offered(session: Session, visit: Visit, now: datetime) -> list[Offer]:
    """The forms of a visit that are on paper, each with why it cannot be typed in, and those that it still asks for."""
    there = [each for each in responses.asked(session, visit.id) if each.only is None]
    found = [_offer(session, reader.load(each.form, each.form_version), each, now) for each in there]
    due = (clinicforms.newest(session, name) for name in beginnings.due(session, visit, now))
    return [each for each in (*found, *(_offer(session, form, None, now) for form in due)) if each is not None]


def _offer(session: Session, form: Form, response: Response | None, now: datetime) -> Offer | None:
    if not is_printable(form):
        return None
    printed = tuple(each.version for each in clinicforms.ever(session, form.id) if is_printable(each))
    ended = None if beginnings.is_permitted(session, form.id, now) else visitforms.permitted_until(session, form.id)
    return Offer(form.id, form.title, printed, _reason_not_to_take(response), response, ended)


def _reason_not_to_take(response: Response | None) -> str:
    if response is None:
        return ""
    if response.status == responses.COMPLETED:
        return N_("This form is handed in already.")
    if response.is_from_paper:
        return N_("This form is being typed in already.")
    return HERS if response.touched else ""


def start(
    session: Session, visit: Visit, name: str, source: str, *, version: int | None = None, filled_on: date,
    idle: timedelta, by: User, now: datetime,
) -> Response:  # fmt: skip
    """Take a form of a visit over, or begin it: from now on staff types in what the paper says.

    `version` is the one that the paper was printed from; without it the one that the visit asks for.
    RefusedError with the reason: she is at it, or has begun it, or a page of hers waits for her to come in again; it is
    in; it is none that is put on paper.
    """
    # Nobody comes in meanwhile: that holds the visit too.
    session.refresh(visit, attribute_names=["version", "cancelled_at"], with_for_update=True)
    if visit.cancelled_at is not None:
        message = N_("This visit was called off, so there is nothing to prepare for.")
        raise RefusedError(message)
    if sessions.is_in(session, visit.id, now - idle):
        raise RefusedError(HERE)
    if held.waits(session, visit.id, now):
        raise RefusedError(SENT)
    if not visitforms.is_permitted(session, name, filled_on):
        raise RefusedError(NOT_PERMITTED)
    response = _taken(session, visit, name, version, now)
    response.source, response.entered_by_id, response.filled_on = source, by.id, filled_on
    session.flush()
    audit.record(session, "transcript.begun", actor=by, subject=response, now=now)
    session.commit()
    return response


def _taken(session: Session, visit: Visit, name: str, version: int | None, now: datetime) -> Response:
    """The form, held; a new one where the visit only asks for it, or asks for it in another version."""
    offers = [each for each in offered(session, visit, now) if each.name == name]
    free = [each for each in offers if not each.reason]
    if not free:
        raise RefusedError(offers[-1].reason if offers else N_("This form is not asked for at this visit."))
    (offer, *_rest), response = free, free[0].response
    if version is not None and version not in offer.versions:
        message = N_("This version of the form was never printed here.")
        raise RefusedError(message)
    if response is not None:
        responses.lock(session, response)
        session.refresh(response, ["sections"])
        if reason := _reason_not_to_take(response):
            raise RefusedError(reason)
        if version in {None, response.form_version}:
            return response
        response.status = responses.WITHDRAWN
        session.flush()
    if not responses.has_room(session, visit.id):
        message = N_("A visit can ask for 9 forms at most.")
        raise RefusedError(message)
    if version is None:
        return beginnings.begin(session, visit, name, now=now)
    measured = beginnings.measured(session, response) if response is not None else ""
    return beginnings.begin_in(session, visit, reader.load(name, version), measured=measured, now=now)


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
    stored, sent = responses.sections(session, response.id), Sent(section, entry, base, PAPER, now)
    laid = pages.lay(stored, sent)
    if laid.is_stale:
        raise StaleError(laid.conflicts)
    form = responses.form_of(response)
    answers = said(form, pages.together(stored) | dict(laid.answers))
    left = frozenset(asked) & conditions.visible(form, answers) if leaving else pages.NONE
    version = pages.keep(session, response, sent, laid, left)
    if version is None:
        raise StaleError
    kept = _raise(session, response, form, answers, today, now)
    audit.record(session, "transcript.saved", actor=by, subject=response, now=now)
    session.commit()
    return Saved(version, kept.new)


def _still_typing(session: Session, response: Response) -> None:
    responses.lock(session, response)
    if response.status != responses.IN_PROGRESS or not response.is_from_paper:
        raise FinalError


def _raise(
    session: Session, response: Response, form: Form, answers: Mapping[str, Any], today: date, now: datetime
) -> Kept:
    """The signs of what is typed in. While a paper is put right, those that it raised first stay as they are."""
    said_then = moments.as_of(conditions.visible_answers(form, answers), response.filled_on)
    signs = triage(said_then, today=today, born=response.patient.birth_date)
    return raised.keep(session, response, signs, now, correcting=response.corrects_id is not None)


def hand_back(session: Session, response: Response, *, by: User, now: datetime) -> None:
    """It was a mistake: the form is hers again, while nothing is typed in. Twice changes nothing."""
    beginnings.hold(session, response.visit)
    responses.lock(session, response)
    if response.status != responses.IN_PROGRESS or response.corrects_id is not None:
        raise FinalError
    if not response.is_from_paper:
        return
    session.refresh(response, ["sections"])
    if response.touched:
        message = N_("Something is typed in already, so the form cannot just be given back. Throw it away instead.")
        raise RefusedError(message)
    _give_back(session, response, now)
    audit.record(session, responses.HANDED_BACK, actor=by, subject=response, now=now)
    session.commit()


def _give_back(session: Session, response: Response, now: datetime) -> None:
    """Hers again. In the words of a sheet that was printed long ago nobody is asked on a screen: it is asked anew."""
    is_of_now = response.form_version == clinicforms.newest(session, response.form).version
    response.status = response.status if is_of_now else responses.WITHDRAWN
    response.source, response.entered_by_id, response.filled_on = responses.SELF, None, None
    if not is_of_now:
        beginnings.again_unless_due(session, response, now)


def finish(
    session: Session, response: Response, *, ceiling: str, signature: Signature | None, why: str = "", by: User,
    today: date, now: datetime,
) -> None:  # fmt: skip
    """This is what the paper says: from now on it is final, as any form that was handed in. Twice changes nothing.

    Agreements are kept as signed on paper where somebody saw the signature; without one they are none. RefusedError
    where nothing is typed in at all, and where `ceiling`, the highest tier its typist may see, leaves something of the
    paper to somebody else. What puts an earlier transcript right takes its place, and keeps `why`.
    """
    responses.lock(session, response)
    if response.status == responses.COMPLETED:
        return
    if not response.is_from_paper or response.status != responses.IN_PROGRESS:
        raise FinalError
    form, stored = responses.form_of(response), responses.sections(session, response.id)
    if disclosure.restricted(form, ceiling).by_id.keys() != form.by_id.keys():
        raise RefusedError(NOT_WHOLE)
    counted = conditions.visible_answers(form, said(form, pages.together(stored)))
    former = _former(session, response, form, counted, why)
    if former is None and not any(settled(answer) for answer in written(counted).values()):
        raise RefusedError(BLANK)
    said_then = moments.as_of(counted, response.filled_on)
    raised.keep(session, response, triage(said_then, today=today, born=response.patient.birth_date), now)
    dropped = responses.drop_hidden(session, response.id, stored, counted, now)
    response.dropped = [name for name in dropped if name in said(form, pages.together(stored))]
    if signature is not None:
        before = consents.of_response(session, former.id) if former is not None else []
        withdrawn = consents.withdrawn(session, response)
        for each in _agreed(response, form, counted, signature, before, by, now):
            each.withdrawn_at = withdrawn.get(each.question)
            session.add(each)
    response.entered_by_id = by.id
    if former is None:
        response.status, response.completed_at = responses.COMPLETED, now
    else:
        _stand_in(session, response, former, said(form, pages.together(stored)), why, by, now)
    audit.record(
        session, "transcript.corrected" if former else "transcript.finished", actor=by, subject=response, now=now
    )
    session.commit()


def _former(session: Session, response: Response, form: Form, counted: Mapping[str, Any], why: str) -> Response | None:
    """The transcript that this one puts right, held; RefusedError unless it says something else, and why."""
    former = response.corrects
    if former is None:
        return None
    responses.lock(session, former)
    if former.status != responses.COMPLETED:
        raise FinalError
    before = conditions.visible_answers(form, responses.said(session, former))
    if not any(changes(form, before, counted)):
        raise RefusedError(THE_SAME)
    if not why:
        message = N_("Please say why it is corrected.")
        raise RefusedError(message)
    return former


def _stand_in(
    session: Session, response: Response, former: Response, answers: Mapping[str, Any], why: str, by: User,
    now: datetime,
) -> None:  # fmt: skip
    """It counts in place of the former one, for the desk too."""
    with presets.renewed(session, response.patient_id, out=False, now=now):
        former.status = responses.AMENDED
        session.flush()
        desk.tell_again(session, response, answers, responses.said(session, former))
        versions.stand_in(session, response, former, amendments.CORRECTED, why, by=by, now=now)


def _agreed(
    response: Response, form: Form, counted: Mapping[str, Any], signature: Signature, before: Collection[Consent],
    by: User, now: datetime,
) -> Iterator[Consent]:  # fmt: skip
    """What is agreed to on a paper. What a correction leaves as it was stays noted as it was `before`."""
    for question in form.questions():
        if question.kind is Kind.CONSENT and "value" in counted.get(question.id, {}):
            made = consents.given(response, question, counted[question.id], signer=signature.name, now=now)
            made.on_paper, made.seen_by = signature.on, by.name
            same = next((each for each in before if consents.is_same(each, made)), None)
            yield consents.moved(same, response) if same is not None else made
