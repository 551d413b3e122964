"""Beginning a form that a patient is asked to fill in for a visit, behind those that are there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake.clinical import returning
from intake.forms import shelf
from intake.forms.conditions import given
from intake.forms.model import Form
from intake.store import clinicforms, history, people, responses, visitforms
from intake.store.responses import Response
from intake.store.visits import Visit


def due(session: Session, visit: Visit, now: datetime) -> list[str]:
    """The names of the forms a visit asks for that are not there yet, in order."""
    begun = frozenset(each.form for each in responses.asked(session, visit.id) if each.only is None)
    usual = returning.usual(visit.kind, begun, history.last_full(session, visit.patient_id), now=now)
    chosen = [each for each in visitforms.of_kind(session, visit.kind) if is_permitted(session, each, now)]
    names = chosen if returning.FULL.intersection(chosen) else [*usual, *chosen]
    return [name for name in names if name not in begun]


def is_permitted(session: Session, name: str, now: datetime) -> bool:
    """Whether the clinic may still use the words of a form, by its own day."""
    if not shelf.is_of_clinic(name):
        return True
    return visitforms.is_permitted(session, name, now.astimezone(history.zone(session)).date())


def stop_what_ended(session: Session, visit: Visit, now: datetime) -> None:
    """Ask no more what nobody has begun to answer, where the permission to use its words has ended meanwhile."""
    for each in responses.asked(session, visit.id):
        if each.is_waiting and not each.touched and not is_permitted(session, each.form, now):
            each.status = responses.WITHDRAWN
    session.flush()


def begin(session: Session, visit: Visit, name: str, *, measured: str = "", now: datetime) -> Response:
    """The newest version of a form, which builds on what she said last."""
    return begin_in(session, visit, clinicforms.newest(session, name), measured=measured, now=now)


def begin_in(session: Session, visit: Visit, form: Form, *, measured: str = "", now: datetime) -> Response:
    """The same in a version that is given, for a sheet that was printed from it."""
    response = Response(patient_id=visit.patient_id, visit_id=visit.id, form=form.id, form_version=form.version)
    response.number = responses.next_number(session, visit.id)
    response.language, response.started_at = form.language, now
    earlier = history.latest(session, visit.patient_id)
    response.follows_id = earlier.id if earlier is not None else None
    answers = known(session, form, earlier, measured=measured)
    responses.start(session, response, [section.id for section in form.sections], answers, now)
    return response


def measured(session: Session, response: Response) -> str:
    """What a form is about that follows one thing from visit to visit; empty for any other."""
    return given(responses.answers(session, response.id).get(returning.MEASURE)) or ""


def hold(session: Session, visit: Visit) -> None:
    """Hold a visit until the transaction ends: before any of its forms, so that no two acts wait for each other."""
    session.refresh(visit, attribute_names=["version", "cancelled_at"], with_for_update=True)


def again(session: Session, response: Response, now: datetime) -> Response | None:
    """The form anew, about the same thing, in the place of one that is out.

    None for a visit that was called off or has no room for it, and where the permission to use its words has ended.
    """
    visit = response.visit
    if visit.cancelled_at is not None or not responses.has_room(session, visit.id):
        return None
    if not is_permitted(session, response.form, now):
        return None
    return begin(session, visit, response.form, measured=measured(session, response), now=now)


def again_unless_due(session: Session, response: Response, now: datetime) -> None:
    """The same, unless it waits for her already.

    What a visit asks for by itself begins when she comes in, but only where nothing of that visit was begun yet.
    """
    session.flush()
    asked = responses.asked(session, response.visit_id)
    if response.form in {each.form for each in asked if each.is_waiting and each.only is None}:
        return
    if asked or response.form not in due(session, response.visit, now):
        again(session, response, now)


def known(session: Session, form: Form, earlier: Response | None, *, measured: str = "") -> dict[str, dict[str, Any]]:
    """{section: answers} that a form begins with which builds on an earlier one."""
    before = history.standing(session, earlier) if earlier is not None else {}
    clinic = people.clinic(session)
    return returning.beginning(form, before, recalls=clinic is None or clinic.recall, measured=measured)
