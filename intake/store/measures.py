"""What a patient's measures were answered with: by herself in a form, or as numbers that staff typed in.

No table of their own: a measurement is a form with answers. Those that the viewer may not see are not opened.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from intake.clinical.measures import reading
from intake.clinical.measures.reading import Given
from intake.forms import moments, reader
from intake.store import history, responses
from intake.store.base import Within, everybody
from intake.store.compartments import spot
from intake.store.patient_keys import CARE, SAFETY, SENSITIVE
from intake.store.people import User
from intake.store.responses import COMPLETED, Response, ResponseSection
from intake.store.sealing import unsealer
from intake.store.visits import Visit

SINCE: Final = "check-in", "since"  # the part of the short form that asks some measures besides
LISTED: Final = (CARE, SENSITIVE)  # what lists, trends and papers are made of; what was asked alone stands apart


@dataclass(frozen=True, slots=True)
class Taken:
    """One measurement: which measure, what was given, when, and the form it stands in."""

    measure: str
    given: Given
    at: datetime
    response: Response

    @property
    def is_by_staff(self) -> bool:
        """Whether staff typed in numbers that stand somewhere else."""
        return self.response.form in reading.BY_HAND


def of_patient(session: Session, patient_id: uuid.UUID, tiers: Collection[str]) -> list[Taken]:
    """Every measurement that counts, in the order in which they came in, for somebody who sees these tiers.

    Never what was asked alone.
    """
    return list(_taken(session, patient_id, [name for name in LISTED if name in tiers]))


def asked_alone(session: Session, patient_id: uuid.UUID) -> list[Taken]:
    """The measurements of the tier safety, for who may read those."""
    return list(_taken(session, patient_id, [SAFETY]))


def _taken(session: Session, patient_id: uuid.UUID, compartments: list[str]) -> Iterator[Taken]:
    if not compartments:
        return
    unseal, zone = unsealer(session, patient_id), history.zone(session)
    found: dict[Response, dict[str, Any]] = {}
    for response, section, version, *values in session.execute(_stored(patient_id, compartments)):
        said = found.setdefault(response, {})
        for compartment, value in zip(compartments, values, strict=True):
            if value is not None:
                said |= json.loads(unseal(spot(response.id, patient_id, section, compartment, version), value))
    for response, answers in found.items():
        at = _at(response, zone)
        for measure, given in reading.read(answers).items():
            if not given.is_blank:
                yield Taken(measure, given, at, response)


def _stored(patient_id: uuid.UUID, compartments: list[str]) -> Select[Any]:
    """The forms that ask measures, each with its sections, as far as they are to be opened."""
    asks = or_(
        Response.form.like("measure-%"),
        Response.form.like(f"{reading.PACK}%"),
        and_(Response.form == SINCE[0], ResponseSection.section == SINCE[1]),
    )
    values = [getattr(ResponseSection, name) for name in compartments]
    query = select(Response, ResponseSection.section, ResponseSection.version, *values)
    query = query.join(ResponseSection, ResponseSection.response_id == Response.id)
    query = query.where(Response.patient_id == patient_id, Response.status == COMPLETED, asks)
    return query.order_by(Response.completed_at, Response.id)


def _at(response: Response, zone: ZoneInfo) -> datetime:
    """When it was said: as it was handed in, or on the day that stands on the paper."""
    if response.filled_on is not None:
        return moments.on_paper(response.filled_on, zone)
    return response.completed_at or response.started_at


def get(session: Session, response_id: uuid.UUID, within: Within = everybody) -> Response | None:
    """Numbers that staff typed in and that count, by the id of their form; never what was asked alone."""
    forms = sorted(reading.BY_HAND - {reading.ALONE})
    mine = Response.id == response_id, Response.form.in_(forms), Response.status == COMPLETED
    return session.scalar(select(Response).where(*mine, within(Response)))


def keep(
    session: Session, visit: Visit, measure: str, given: Given, *, source: str, on: date, by: User, now: datetime
) -> Response:
    """Numbers that staff typed in, as a form that is in."""
    form = reader.latest(reading.form_of(measure))
    made = Response(patient_id=visit.patient_id, visit_id=visit.id, form=form.id, form_version=form.version)
    made.language, made.started_at, made.source = form.language, now, source
    made.filled_on, made.entered_by_id = on, by.id
    stored = {form.sections[0].id: reading.written(measure, given)}
    responses.start(session, made, stored, stored, now)
    made.status, made.completed_at = COMPLETED, now
    session.flush()
    return made
