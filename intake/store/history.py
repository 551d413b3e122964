"""What a patient has said in one form after another: what a later one asks "still right?" about."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.forms import reader, recall
from intake.forms.recall import Layer, Said
from intake.store import responses
from intake.store.responses import COMPLETED, Response

WHOLE, FOLLOW_UP, CHECK_IN = "intake", "follow-up", "check-in"
BUILT_ON = (WHOLE, FOLLOW_UP, CHECK_IN)


def handed_in(session: Session, patient_id: uuid.UUID, *forms: str) -> list[Response]:
    """The forms of these names that are in, oldest first."""
    query = select(Response).where(
        Response.patient_id == patient_id, Response.number > 0, Response.form.in_(forms), Response.status == COMPLETED
    )
    return list(session.scalars(query.order_by(Response.completed_at, Response.number)))


def newest(session: Session, patient_id: uuid.UUID) -> Response | None:
    """The newest form that is in and that a later one can build on."""
    return next(reversed(handed_in(session, patient_id, *BUILT_ON)), None)


def foundation(session: Session, response: Response) -> Response:
    """The form itself; where nothing builds on it, as on a diary, the newest that something can build on."""
    if response.form in BUILT_ON:
        return response
    asked = responses.intakes(session, response.patient_id)
    return next((each for each in asked if each.form in BUILT_ON), response)


def last_full(session: Session, patient_id: uuid.UUID) -> datetime | None:
    """When she last went through everything: a whole intake, or a follow-up on one."""
    found = [each for each in handed_in(session, patient_id, WHOLE, FOLLOW_UP) if each.only is None]
    return found[-1].completed_at if found else None


def before(session: Session, response: Response) -> dict[str, Said]:
    """What stood when this form began; nothing for one that builds on no other."""
    if response.follows_id is None or not recall.parts(reader.load(response.form, response.form_version)):
        return {}
    return standing(session, session.get_one(Response, response.follows_id))


def standing(session: Session, latest: Response) -> dict[str, Said]:
    """What stands with that form, handed in or not: it comes last, on all that were in before it."""
    return recall.effective(layers(session, latest))


def layers(session: Session, latest: Response) -> list[Layer]:
    """The answers of a form and of those that were in before it, from the last whole intake on, oldest first."""
    return [_layer(session, each) for each in _since_whole([*_earlier(session, latest), latest])]


def _earlier(session: Session, latest: Response) -> list[Response]:
    until = latest.completed_at or latest.started_at
    found = handed_in(session, latest.patient_id, *BUILT_ON)
    return [each for each in found if each.id != latest.id and _order(each) <= (until, latest.number)]


def _order(response: Response) -> tuple[datetime, int]:
    return response.completed_at or response.started_at, response.number


def _since_whole(found: Sequence[Response]) -> Sequence[Response]:
    whole = [index for index, each in enumerate(found) if is_whole(each)]
    return found[whole[-1] :] if whole else found


def is_whole(response: Response) -> bool:
    """Whether it is a whole intake, which asks everything anew."""
    return response.form == WHOLE and response.only is None


def _layer(session: Session, response: Response) -> Layer:
    form, answers = reader.load(response.form, response.form_version), responses.answers(session, response.id)
    at = response.completed_at or response.started_at
    return Layer(form, answers, at, only=response.only or "", is_whole=is_whole(response))
