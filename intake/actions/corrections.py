"""What becomes of a paper form that was typed in wrongly, or under the wrong name or visit. Nothing of it is lost."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, RefusedError
from intake.clinical.triage import triage
from intake.forms import conditions, moments
from intake.forms.problems import N_
from intake.store import amendments, audit, beginnings, consents, desk, flags, presets, raised, responses, versions
from intake.store.people import User
from intake.store.responses import Response
from intake.store.visits import Visit

FULL = N_("This visit has had too many forms already, so none can be put right here any more.")


def begin(session: Session, response: Response, *, by: User, now: datetime) -> Response:
    """A new version of a transcript that is in, filled in as it stands; the one that is being typed in already."""
    _hold(session, response)
    if (there := responses.correction(session, response.id)) is not None:
        return there
    if not responses.has_numbers(session, response.visit_id):
        raise RefusedError(FULL)
    made = versions.copy(session, response, response.visit, by=by, now=now)
    audit.record(session, "transcript.correction-begun", actor=by, subject=made, now=now)
    session.commit()
    return made


def _hold(session: Session, response: Response) -> None:
    """FinalError for anything but a paper that is in and counts."""
    responses.lock(session, response)
    if not response.is_from_paper or response.status != responses.COMPLETED:
        raise FinalError


def drop(session: Session, response: Response, *, by: User, now: datetime) -> None:
    """Leave a paper as it was typed in first. Warning signs that came up meanwhile stay for a person to close."""
    responses.lock(session, response)
    former = response.corrects
    if former is None or response.status != responses.IN_PROGRESS:
        raise FinalError
    response.status = responses.WITHDRAWN
    desk.leave(session, response, former)
    counts_since = _counts_since(session, former)
    for flag in flags.of_response(session, response.id):
        came_back = flag.raised_at > counts_since
        flag.still_true = flag.still_true and flag.response_id != response.id and not came_back
    audit.record(session, "transcript.correction-dropped", actor=by, subject=response, now=now)
    session.commit()


def _counts_since(session: Session, response: Response) -> datetime:
    """Since when a transcript counts. Only what is typed into a correction of it can raise a sign after that."""
    earlier = amendments.of_response(session, response.corrects_id)
    since = earlier.amended_at if earlier is not None else response.completed_at
    if since is None:
        raise FinalError
    return since


def throw_away(session: Session, response: Response, kind: str, text: str, *, by: User, now: datetime) -> bool:
    """A paper that is still being typed in, and is somebody else's or none at all. She is asked the form herself.

    Whether she is: not for a visit that was called off, and not where it has had too many forms already.
    """
    beginnings.hold(session, response.visit)
    responses.lock(session, response)
    is_open = response.is_from_paper and response.status == responses.IN_PROGRESS
    if not is_open or response.corrects_id is not None:
        raise FinalError
    _out(session, response, response)
    versions.keep(session, response, kind, text, by=by, now=now)
    asked = beginnings.again(session, response, now)
    audit.record(session, "transcript.thrown-away", actor=by, subject=response, reason=kind, now=now)
    session.commit()
    return asked is not None


def take_out(session: Session, response: Response, kind: str, text: str, *, by: User, now: datetime) -> None:
    """A paper that is not this patient's, or not of this visit: none of its versions counts or is shown any more.

    Its visit asks for the form again.
    """
    beginnings.hold(session, response.visit)
    _hold(session, response)
    last = responses.correction(session, response.id) or response
    if last is not response:
        responses.lock(session, last)
    with presets.renewed(session, response.patient_id, out=True, now=now):
        _out(session, last, *_versions(last.corrects))
    versions.keep(session, response, kind, text, by=by, now=now)
    beginnings.again_unless_due(session, response, now)
    audit.record(session, "transcript.taken-out", actor=by, subject=response, reason=kind, now=now)
    session.commit()


def _out(session: Session, last: Response, *earlier: Response) -> None:
    """Nothing of it counts or is shown any more, and no warning sign closes by itself."""
    for each in (last, *earlier):
        each.status = responses.IN_ERROR
    session.flush()
    desk.take_back(session, last)
    for flag in flags.of_response(session, last.id):
        flag.still_true = False


def _versions(response: Response | None) -> list[Response]:
    return [response, *_versions(response.corrects)] if response is not None else []


def move(
    session: Session, response: Response, visit: Visit, text: str, *, by: User, today: date, now: datetime
) -> Response:
    """The same paper, under the visit of the same patient that it belongs to; RefusedError where that takes none.

    The visit that it stood with asks for the form again.
    """
    for each in sorted((visit, response.visit), key=lambda one: one.id):
        beginnings.hold(session, each)
    _hold(session, response)
    if responses.correction(session, response.id) is not None:
        message = N_("Somebody is correcting this form at the moment. End that first.")
        raise RefusedError(message)
    if reason := reason_not_to_move(session, response, visit):
        raise RefusedError(reason)
    made = versions.copy(session, response, visit, by=by, now=now)
    versions.stand_in(session, made, response, amendments.MOVED, text, by=by, now=now)
    session.add_all([consents.moved(each, made) for each in consents.of_response(session, response.id)])
    counted = conditions.visible_answers(responses.form_of(made), responses.said(session, made))
    said_then = moments.as_of(counted, made.filled_on)
    raised.keep(session, made, triage(said_then, today=today, born=made.patient.birth_date), now)
    beginnings.again_unless_due(session, response, now)
    audit.record(session, "transcript.moved", actor=by, subject=made, now=now)
    session.commit()
    return made


def reason_not_to_move(session: Session, response: Response, visit: Visit) -> str | None:
    """Why a paper cannot stand with a visit; None where it can."""
    if visit.patient_id != response.patient_id or visit.id == response.visit_id or visit.cancelled_at is not None:
        return N_("This form cannot be moved to that visit.")
    if any(each.form == response.form and each.only is None for each in responses.asked(session, visit.id)):
        return N_("That visit has this form already.")
    return None if responses.has_room(session, visit.id) else N_("A visit can ask for 9 forms at most.")
