"""One transcript of a paper in the place of another: put right, or under the visit it belongs to.

It stands where the earlier one stood among the patient's forms, whenever it was put right: what she said later is newer
still. The earlier one is kept as it was.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.forms.conditions import Answer, Answers
from intake.store import amendments, responses
from intake.store.amendments import Amendment
from intake.store.people import User
from intake.store.responses import Response
from intake.store.visits import Visit


def copy(session: Session, former: Response, visit: Visit, *, by: User, now: datetime) -> Response:
    """A transcript that says the same, for somebody to put right; it counts once it stands in (stand_in)."""
    made = Response(patient_id=former.patient_id, visit_id=visit.id, form=former.form, form_version=former.form_version)
    made.corrects_id, made.follows_id, made.language = former.id, former.follows_id, former.language
    made.started_at, made.source, made.filled_on = former.started_at, former.source, former.filled_on
    made.entered_by_id, made.dropped = by.id, former.dropped
    made.reach, made.called = former.reach, former.called
    given = {name: _first(said) for name, (said, _version, _at) in responses.sections(session, former.id).items()}
    responses.start(session, made, given, given, now)
    return made


def _first(answers: Answers) -> dict[str, Answer]:
    """The answers as the first version of a section holds them."""
    return {name: {**answer, "r": 1} if "r" in answer else dict(answer) for name, answer in answers.items()}


def stand_in(
    session: Session, made: Response, former: Response, kind: str, text: str, *, by: User, now: datetime
) -> None:
    """From now on it counts, and the former one does not. `text` is why, in a line."""
    made.number = responses.next_number(session, made.visit_id)
    made.status, made.completed_at = responses.COMPLETED, former.completed_at
    former.status = responses.AMENDED if kind == amendments.CORRECTED else responses.IN_ERROR
    keep(session, former, kind, text, by=by, now=now)


def keep(session: Session, former: Response, kind: str, text: str, *, by: User, now: datetime) -> None:
    """What became of a transcript, for ever."""
    row = Amendment(patient_id=former.patient_id, response_id=former.id, user_id=by.id, kind=kind, text=text)
    row.amended_at = now
    session.add(row)
    session.flush()


def became(session: Session, response: Response) -> list[Amendment]:
    """What became of a transcript, and then of those in its place, the first one first.

    Of a correction that nobody ended that is what became of what it was to put right.
    """
    is_open = response.corrects is not None and response.number == 0
    found = amendments.of_response(session, response.corrects_id if is_open else response.id)
    if found is None:
        return []
    later = session.scalar(select(Response).where(Response.corrects_id == found.response_id, Response.number > 0))
    return [found, *(became(session, later) if later is not None else [])]


def is_taken_out(session: Session, response: Response) -> bool:
    """Whether a transcript was taken out or thrown away, under whatever version it stood then."""
    return any(each.kind in amendments.TAKEN_OUT for each in became(session, response))
