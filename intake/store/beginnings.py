"""Beginning a form that a patient is asked to fill in for a visit, behind those that are there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake.clinical import returning
from intake.forms import reader
from intake.store import history, people, responses
from intake.store.responses import Response
from intake.store.visits import Visit


def begin(session: Session, visit: Visit, name: str, *, measured: str = "", now: datetime) -> Response:
    """The newest version of a form, which builds on what she said last."""
    form, there = reader.latest(name), responses.asked(session, visit.id)
    response = Response(patient_id=visit.patient_id, visit_id=visit.id, form=form.id, form_version=form.version)
    response.number = max((each.number for each in there), default=0) + 1
    response.language, response.started_at = form.language, now
    earlier = history.newest(session, visit.patient_id)
    response.follows_id = earlier.id if earlier is not None else None
    before = history.standing(session, earlier) if earlier is not None else {}
    clinic = people.clinic(session)
    given = returning.beginning(form, before, recalls=clinic is None or clinic.recall, measured=measured)
    responses.start(session, response, [section.id for section in form.sections], given, now)
    return response
