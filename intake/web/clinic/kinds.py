"""The kinds of notes somebody is offered, by name, and the one a visit most likely wants."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from intake.clinical import kinds
from intake.clinical.kinds import Written
from intake.security import policy
from intake.store import clinicforms, notes
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.visits import Visit
from intake.web import clock
from intake.web.actor import me
from intake.web.database import session
from intake.web.say import translated


def offered(patient: Patient, *, outside: bool = False) -> dict[str, str]:
    """{kind: name} of what the viewer may write about a patient, the clinic's own after ours; `outside` of a visit."""
    ours = kinds.OUTSIDE if outside else kinds.AT_VISITS
    names = [*ours, *(form.id for form in clinicforms.for_notes(session))]
    mine = [name for name in names if policy.may_write(me(), patient, name)]
    return {name: translated(clinicforms.newest(session, name).title) for name in mine}


def proposals(visits: Iterable[Visit], written: Sequence[Note], offers: Iterable[str]) -> dict[uuid.UUID, str]:
    """{visit: the kind it most likely wants}, of those that are offered."""
    there, choices = [_written(note) for note in written], list(offers)
    found = {visit.id: kinds.proposed(there, _day(visit)) for visit in visits}
    return {visit: kind if kind in choices else choices[0] for visit, kind in found.items() if choices}


def proposed(visit: Visit) -> str:
    """The kind of one's own draft for a visit, else what it most likely wants of what the viewer may write.

    An empty string for none.
    """
    written = notes.of_patient(session, visit.patient_id)
    mine = [note for note in written if note.visit_id == visit.id and note.author_id == me().id and not note.is_signed]
    return mine[0].kind if mine else proposals([visit], written, offered(visit.patient)).get(visit.id, "")


def _written(note: Note) -> Written:
    return Written(note.kind, _day(note.visit))


def _day(visit: Visit) -> date:
    return visit.starts_at.astimezone(clock.zone()).date()
