"""Typing in the numbers of a measure whose words are not here, and taking out what was typed in wrongly."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, NotReadyError, RefusedError, StaleError
from intake.clinical.measures import entering, reading, table
from intake.clinical.measures.reading import Given
from intake.clinical.triage import triage
from intake.forms.problems import N_
from intake.store import amendments, audit, flags, measures, raised, responses, safety_entries, versions
from intake.store.people import User
from intake.store.responses import Response
from intake.store.visits import Visit


def enter(
    session: Session, visit: Visit, measure: str, given: Given, *, source: str, on: date, by: User, today: date,
    now: datetime,
) -> Response:  # fmt: skip
    """Keep numbers as they stand on paper or were read out, and raise the warning signs that they show.

    NotReadyError with everything that they cannot be; nothing is kept then.
    """
    session.refresh(visit, attribute_names=["version", "cancelled_at"], with_for_update=True)
    if visit.cancelled_at is not None:
        message = N_("This visit was called off. Choose another one.")
        raise RefusedError(message)
    if reasons := entering.reasons_not_to_keep(measure, given, on=on, today=today):
        raise NotReadyError(reasons)
    made = measures.keep(session, visit, measure, given, source=source, on=on, by=by, now=now)
    # No rule of these reads what was asked alone, so that no list can show it.
    signs = triage(reading.written(measure, given), today=today, born=visit.patient.birth_date)
    raised.keep(session, made, signs, now)
    tier = str(table.measures()[measure].tier)
    audit.record(session, "measure.entered", actor=by, subject=made, categories=(tier,), now=now)
    session.commit()
    return made


def take_out(session: Session, response: Response, text: str, *, by: User, now: datetime) -> None:
    """Numbers that were typed in wrongly, or for somebody else: they count no more, and why stays on record.

    Warning signs that they raised wait for a person to close them.
    """
    _end(session, response, reading.BY_HAND - {reading.ALONE}, text, by=by, now=now)
    audit.record(session, "measure.taken-out", actor=by, subject=response, now=now)
    session.commit()


def take_out_alone(session: Session, response: Response, text: str, *, over: int, by: User, now: datetime) -> None:
    """The same for numbers that were asked alone. Why stands among what was done after that, and nowhere else.

    StaleError where the last entry there is no longer number `over`.
    """
    if over != safety_entries.last(session, response.patient_id):
        raise StaleError
    _end(session, response, {reading.ALONE}, "", by=by, now=now)
    entry = safety_entries.keep(session, response.patient_id, over + 1, text, by=by, now=now)
    audit.record(session, "safety.written", actor=by, subject=entry, categories=("safety",), now=now)
    audit.record(session, "measure.taken-out", actor=by, subject=response, categories=("safety",), now=now)
    session.commit()


def _end(session: Session, response: Response, forms: Collection[str], text: str, *, by: User, now: datetime) -> None:
    """From now on the numbers count no more; FinalError where they are of no such form, or counted no more before."""
    responses.lock(session, response)
    if response.form not in forms or response.status != responses.COMPLETED:
        raise FinalError
    response.status = responses.IN_ERROR
    session.flush()
    for flag in flags.of_response(session, response.id):
        flag.still_true = False
    versions.keep(session, response, amendments.NOT_HERS, text, by=by, now=now)
