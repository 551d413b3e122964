"""What a patient handed in before, for whoever reads or asks something anew, and what of it still stands."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.forms import effective, reader, recall
from intake.forms.conditions import Answer, Answers
from intake.forms.model import Form
from intake.forms.recall import Layer, Said
from intake.store import responses
from intake.store.patient_keys import CARE
from intake.store.responses import COMPLETED, Response

WHOLE, FOLLOW_UP, CHECK_IN = "intake", "follow-up", "check-in"
BUILT_ON = frozenset({WHOLE, FOLLOW_UP, CHECK_IN})  # a diary is about its own days, and others are the clinic's


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A form that is in: its own answers, all of which were shown, and what it builds on that was said before."""

    response: Response
    form: Form
    answers: Answers
    known: Answers

    def in_full(self) -> dict[str, Answer]:
        """Its answers among those it was asked over, so that its conditions hold as they held then."""
        return {**self.known, **self.answers}

    def layer(self, shown: datetime | None) -> Layer:
        """Its answers as one layer of what stands; `shown` is when the form came in that it follows."""
        own, at = self.response, self.response.completed_at or self.response.started_at
        return Layer(self.form, self.answers, at, only=own.only or "", is_whole=_is_whole(own), shown=shown)


def before(session: Session, response: Response) -> list[HandedIn]:
    """Every other form of the patient that was in when this one came in, or is in by now; the oldest first."""
    found: list[HandedIn] = []
    for each in _in_order(session, response.patient_id):
        if each.id != response.id and (response.completed_at is None or moment(each) < moment(response)):
            found.append(_opened(session, each, found))
    return found


def moment(response: Response) -> tuple[datetime, int]:
    """Where it stands among the forms of one patient, the oldest first."""
    return response.completed_at or response.started_at, response.number


def _in_order(session: Session, patient_id: uuid.UUID) -> list[Response]:
    mine = Response.patient_id == patient_id, Response.number > 0, Response.status == COMPLETED
    return sorted(session.scalars(select(Response).where(*mine)), key=moment)


def _opened(session: Session, response: Response, earlier: Sequence[HandedIn]) -> HandedIn:
    form, answers = responses.form_of(response), responses.said(session, response)
    if response.only:
        return HandedIn(response, form, answers, newest(earlier))
    carried = recall.carried(form, answers, _stood(form, response, earlier))
    return HandedIn(response, form, {name: said for name, said in answers.items() if name not in carried}, carried)


def opened(session: Session, response: Response) -> HandedIn:
    """One form with its answers, handed in or not."""
    builds_on = response.only or response.follows_id
    return _opened(session, response, before(session, response) if builds_on else [])


def newest(found: Sequence[HandedIn]) -> dict[str, Answer]:
    """The newest word on each question, of forms from the oldest on."""
    return effective.answers([each.answers for each in found])


def told_the_clinic(session: Session, patient_id: uuid.UUID) -> dict[str, Answer]:
    """The newest word on each question that the desk or the care team may see, over all forms, handed in or not."""
    found = sorted(responses.intakes(session, patient_id), key=moment)
    return effective.answers([responses.answers(session, each.id, (CARE,)) for each in found])


# ---------------------------------------------------------------- what still stands


def latest(session: Session, patient_id: uuid.UUID) -> Response | None:
    """The newest form that is in and that a later one can build on."""
    found = [each for each in _in_order(session, patient_id) if each.form in BUILT_ON]
    return found[-1] if found else None


def last_full(session: Session, patient_id: uuid.UUID) -> datetime | None:
    """When she last went through everything: a whole intake, or a follow-up on one."""
    full = {WHOLE, FOLLOW_UP}
    found = [each for each in _in_order(session, patient_id) if each.form in full and each.only is None]
    return found[-1].completed_at if found else None


def stood(session: Session, response: Response) -> dict[str, Said]:
    """What stood when this form began, for one that asks whether it is still right; nothing for any other."""
    form = reader.load(response.form, response.form_version)
    if response.only or response.follows_id is None or not recall.parts(form):
        return {}
    return _stood(form, response, before(session, response))


def _stood(form: Form, response: Response, earlier: Sequence[HandedIn]) -> dict[str, Said]:
    """The same, of forms that were in before it: up to the one that it follows."""
    places = [place for place, each in enumerate(earlier) if each.response.id == response.follows_id]
    if not places or not recall.parts(form):
        return {}
    return recall.standing(_layers(earlier[: places[0] + 1]))


def standing(session: Session, response: Response) -> dict[str, Said]:
    """What stands with that form, handed in or not: it comes last, on all that were in before it."""
    return recall.standing(layers(session, response))


def layers(session: Session, response: Response) -> list[Layer]:
    """The answers of a form and of those that were in before it, from the last whole intake on, oldest first."""
    found = before(session, response)
    return _layers([*found, _opened(session, response, found)])


def _layers(found: Sequence[HandedIn]) -> list[Layer]:
    kept = [each for each in found if each.response.form in BUILT_ON]
    whole = [place for place, each in enumerate(kept) if _is_whole(each.response)]
    came_in = {each.response.id: each.response.completed_at for each in found}
    return [each.layer(came_in.get(each.response.follows_id)) for each in kept[whole[-1] if whole else 0 :]]


def _is_whole(response: Response) -> bool:
    """Whether it is a whole intake, which asks everything anew."""
    return response.form == WHOLE and response.only is None
