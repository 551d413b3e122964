"""Asking a patient one part of a form again, and taking that back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, RefusedError
from intake.forms import excerpt
from intake.forms.errors import FormError
from intake.forms.model import Section
from intake.forms.problems import N_
from intake.store import audit, clinicforms, history, responses
from intake.store.people import User
from intake.store.responses import Response
from intake.store.visits import Visit


def offered(session: Session, response: Response) -> tuple[Section, ...]:
    """The parts of a form that can be asked again, in its newest version; none while it is not in."""
    if response.status != responses.COMPLETED:
        return ()
    found = [*history.before(session, response), history.opened(session, response)]
    try:
        form = clinicforms.newest(session, response.form)
    except FormError:  # a form of the clinic that is asked of nobody any more
        return ()
    return excerpt.offered(form, history.newest(found))


def ask_again(session: Session, response: Response, section: str, *, visit: Visit, by: User, now: datetime) -> Response:
    """Ask one section again for a visit, in the form's newest version, as the next form of that visit.

    RefusedError when it cannot be asked, is asked already, or the visit is no visit to prepare for.
    """
    if section not in {each.id for each in offered(session, response)}:
        message = N_("This part cannot be asked again.")
        raise RefusedError(message)
    if visit.patient_id != response.patient_id or visit.cancelled_at is not None:
        message = N_("This visit was called off, so there is nothing to prepare for.")
        raise RefusedError(message)
    number = responses.next_number(session, visit.id)
    if any(_is_same(each, response, section) for each in responses.asked(session, visit.id)):
        message = N_("This part is asked again already, and waits for an answer.")
        raise RefusedError(message)
    if not responses.has_room(session, visit.id):
        message = N_("This visit asks for too many forms already. Please choose another visit.")
        raise RefusedError(message)
    return _begin(session, response, section, visit, number, by=by, now=now)


def _is_same(asked: Response, response: Response, section: str) -> bool:
    return (asked.form, asked.only, asked.status) == (response.form, section, responses.IN_PROGRESS)


def _begin(
    session: Session, response: Response, section: str, visit: Visit, number: int, *, by: User, now: datetime
) -> Response:
    form = clinicforms.newest(session, response.form)
    made = Response(patient_id=response.patient_id, visit_id=visit.id, form=form.id, form_version=form.version)
    made.number, made.only, made.follows_id, made.language = number, section, response.id, form.language
    made.started_at = now
    responses.start(session, made, [each.id for each in form.sections], {}, now)
    audit.record(session, "intake.asked-again", actor=by, subject=made, now=now)
    session.commit()
    return made


def withdraw(session: Session, response: Response, *, by: User, now: datetime) -> None:
    """Take back a part that was asked again, while nothing of it is answered. Twice changes nothing."""
    responses.lock(session, response)
    if response.status == responses.WITHDRAWN:
        return
    if response.only is None or response.status == responses.COMPLETED:
        raise FinalError
    session.refresh(response, ["sections"])
    if response.touched:
        message = N_("An answer is there already, so it cannot be taken back any more.")
        raise RefusedError(message)
    response.status = responses.WITHDRAWN
    audit.record(session, "intake.withdrawn", actor=by, subject=response, now=now)
    session.commit()
