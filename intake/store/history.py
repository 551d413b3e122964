"""What a patient handed in before, for whoever reads or asks something anew."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.forms import effective, reader
from intake.forms.conditions import Answer, Answers
from intake.forms.model import Form
from intake.store import responses
from intake.store.responses import COMPLETED, Response


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A form that is in: its answers, all of which were shown, and what was known before it where it builds on that."""

    response: Response
    form: Form
    answers: Answers
    known: Answers

    def in_full(self) -> dict[str, Answer]:
        """Its answers among those it was asked over, so that its conditions hold as they held then."""
        return {**self.known, **self.answers}


def before(session: Session, response: Response) -> list[HandedIn]:
    """Every other form of the patient that was in when this one came in, or is in by now; the oldest first."""
    found: list[HandedIn] = []
    for each in _in_order(session, response.patient_id):
        if each.id != response.id and (response.completed_at is None or _moment(each) < _moment(response)):
            found.append(_opened(session, each, found))
    return found


def _moment(response: Response) -> tuple[datetime, int]:
    return response.completed_at or response.started_at, response.number


def _in_order(session: Session, patient_id: uuid.UUID) -> list[Response]:
    mine = Response.patient_id == patient_id, Response.number > 0, Response.status == COMPLETED
    return sorted(session.scalars(select(Response).where(*mine)), key=_moment)


def _opened(session: Session, response: Response, earlier: list[HandedIn]) -> HandedIn:
    form = reader.load(response.form, response.form_version)
    known = newest(earlier) if response.only else {}
    return HandedIn(response, form, responses.answers(session, response.id), known)


def opened(session: Session, response: Response) -> HandedIn:
    """One form with its answers, handed in or not."""
    return _opened(session, response, before(session, response) if response.only else [])


def newest(found: list[HandedIn]) -> dict[str, Answer]:
    """The newest word on each question, of forms from the oldest on."""
    return effective.answers([each.answers for each in found])
