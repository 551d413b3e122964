"""A therapist asking a patient for a short form before a visit: a diary, or a check-in about one thing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError
from intake.clinical.measures import reading
from intake.forms import ours
from intake.store import audit, beginnings, clinicforms, responses, visitforms
from intake.store.people import User
from intake.store.responses import Response
from intake.store.visits import Visit


def askable(session: Session, now: datetime) -> dict[str, str]:
    """{form: its title} of the measures that can be asked now: in our words, and in those the clinic may use."""
    packs = {row.form for row in clinicforms.everything(session) if row.form.startswith(reading.PACK)}
    names = [name for name in (*ours.lenders(), *sorted(packs)) if reading.is_about(name)]
    free = [
        name for name in names
        if visitforms.may_be_asked(session, name) and beginnings.is_permitted(session, name, now)
    ]  # fmt: skip
    return {name: clinicforms.newest(session, name).title for name in free}


def ask(session: Session, visit: Visit, form: str, *, measured: str = "", by: User, now: datetime) -> Response:
    """Add a form to a visit, behind those that are there. RefusedError when it waits already or the visit is off."""
    session.refresh(visit, attribute_names=["version", "cancelled_at"], with_for_update=True)  # two clicks ask once
    if visit.cancelled_at is not None:
        message = "This visit was called off, so there is nothing to prepare for."
        raise RefusedError(message)
    there = responses.asked(session, visit.id)
    if any(each.form == form and each.only is None and each.status != responses.COMPLETED for each in there):
        message = "This form is asked for already, and not in yet."
        raise RefusedError(message)
    if not beginnings.is_permitted(session, form, now):
        message = "The permission to use the words of this form has ended, so it is not asked any more."
        raise RefusedError(message)
    if not responses.has_room(session, visit.id):
        message = "A visit can ask for 9 forms at most."
        raise RefusedError(message)
    response = beginnings.begin(session, visit, form, measured=measured, now=now)
    audit.record(session, "form.asked", actor=by, subject=response, now=now)
    session.commit()
    return response
