"""Asking alone, on a device that is handed over or at home: one form for one visit opens, takes answers, and ends.

Whatever is answered, the same is done: every page is saved once, with something for each of its questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError
from intake.forms.entry import Entry
from intake.forms.merge import SKIPPED
from intake.forms.model import Form, Kind, Page, Section
from intake.store import audit, handovers, patients, responses
from intake.store.handovers import GIVEN_BACK, Handover
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.responses import Response
from intake.store.sessions import Login
from intake.store.visits import Visit

HANDED_OVER, ENDED, LEFT, REPLACED = "handed-over", "ended", "left", "replaced"


def start(
    session: Session, visit: Visit, form: Form, token_hash: str, *, login: Login | None, by: User, now: datetime
) -> Handover:
    """Open the form for a visit. The session of whoever hands the device over ends: it must not lie behind the form.

    A device that is still out for the same visit is closed.
    """
    if visit.cancelled_at is not None:
        message = "This visit was called off."
        raise RefusedError(message)
    for earlier in handovers.of_visit(session, visit.id):
        _end(earlier, REPLACED, now)
    made = _opened(session, visit, form, token_hash, now)
    made.handed_by_id = by.id
    if login is not None:
        login.ended_at, login.end_reason = now, HANDED_OVER
    session.flush()
    audit.record(session, "device.handed-over", actor=by, subject=made, now=now)
    session.commit()
    return made


def ask_at_home(
    session: Session, visit: Visit, form: Form, token_hash: str, *, is_alone: bool, by: Any, now: datetime
) -> Handover:
    """Open the form in her own sitting, `by` whoever came in with a link. Once for a visit; else RefusedError.

    Where she is not alone it is over at once: what is kept then is what is kept of somebody who opens it and leaves.
    """
    handovers.hold(session, visit)
    if visit.cancelled_at is not None or handovers.is_spent(handovers.of_visit(session, visit.id), now):
        message = "It is not asked at home any more."
        raise RefusedError(message)
    made = _opened(session, visit, form, token_hash, now)
    made.invitation_id = by.id
    session.flush()
    audit.record(session, "device.opened-at-home", actor=by, subject=made, now=now)
    if is_alone:
        session.commit()
    else:
        _over(session, made, LEFT, by=by, now=now)
    return made


def _opened(session: Session, visit: Visit, form: Form, token_hash: str, now: datetime) -> Handover:
    response = Response(patient_id=visit.patient_id, visit_id=visit.id, form=form.id, form_version=form.version)
    response.language, response.started_at = form.language, now
    responses.start(session, response, [section.id for section in form.sections], {}, now)
    made = Handover(patient_id=visit.patient_id, visit_id=visit.id, response_id=response.id)
    made.token_hash, made.started_at, made.seen_at = token_hash, now, now
    session.add(made)
    return made


def save(
    session: Session, handover: Handover, response: Response, section: Section, page: Page, entry: Entry, *,
    number: int, now: datetime,
) -> None:  # fmt: skip
    """Keep a page and go on to the next. A page that comes again adds what it says and takes nothing away.

    Nothing is insisted on and nothing is shown back, so that nobody can tell from the screen what was answered.
    """
    saved, version, _at = responses.sections(session, response.id)[section.id]
    asked = [question.id for question in page.questions if question.kind is not Kind.DISPLAY]
    given = {**dict.fromkeys(asked, SKIPPED), **saved, **entry.answers}
    at = {"at": now.isoformat(timespec="seconds")}
    marked = {name: {**given[name], **at} if name in asked else given[name] for name in given}
    responses.save_section(session, response.id, section.id, marked, over=version, now=now)
    handover.page, handover.seen_at = max(handover.page, number + 1), now
    session.commit()


def stay(session: Session, handover: Handover, *, now: datetime) -> None:
    """Note that somebody is there."""
    handover.seen_at = now
    session.commit()


def finish(session: Session, handover: Handover, *, by: object, now: datetime) -> None:
    """She is done and gives the device back."""
    _over(session, handover, GIVEN_BACK, by=by, now=now)


def leave(session: Session, handover: Handover, *, by: object, now: datetime) -> None:
    """She leaves in a hurry."""
    _over(session, handover, LEFT, by=by, now=now)


def end(session: Session, handover: Handover, *, by: User, now: datetime) -> None:
    """End it from another device. What was answered until now is kept; ending it twice changes nothing."""
    _over(session, handover, ENDED, by=by, now=now)


def note_read(session: Session, found: Sequence[Handover], *, by: User, now: datetime) -> None:
    """Somebody has read what was answered; the look itself has a line of its own."""
    if found:
        handovers.note_read(session, found, by, now)
        audit.record(session, "device.answers-noted", actor=by, patient_id=found[0].patient_id, now=now)
        session.commit()


def seek(session: Session, name: str, birth_date: date, *, by: User, now: datetime) -> list[Patient]:
    """The patients two identifiers fit. Looking is an act: it leaves a line, with whom it found."""
    found = patients.by_two_identifiers(session, name, birth_date)
    one = found[0].id if len(found) == 1 else None
    outcome = "found" if found else "nothing"
    audit.record(session, "safety.searched", actor=by, patient_id=one, outcome=outcome, now=now)
    session.commit()
    return found


def _over(session: Session, handover: Handover, reason: str, *, by: object, now: datetime) -> None:
    _end(handover, reason, now)
    audit.record(session, "device.given-back", actor=by, subject=handover, reason=handover.end_reason, now=now)
    session.commit()


def _end(handover: Handover, reason: str, now: datetime) -> None:
    """What was answered is final from here on."""
    if handover.ended_at is None:
        handover.ended_at, handover.end_reason = now, reason
        handover.response.status, handover.response.completed_at = responses.COMPLETED, now
