"""The kinds of notes somebody is offered, by name, and the one a visit most likely wants."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from intake.clinical import kinds, treatment_days
from intake.clinical.kinds import Written
from intake.security import policy
from intake.store import clinicforms, notes
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


def written(patients: Collection[UUID]) -> dict[UUID, list[Written]]:
    """{patient: every note of theirs}, drafts too, with the day of its visit where the clinic is.

    What was written of a visit that was called off is left out, and what is written ahead counts from when it begins.
    """
    found = notes.kinds(session, patients)
    zone, now = clock.zone(), clock.now()
    return {
        each: [Written(kind, at.astimezone(zone).date(), is_signed=done) for kind, at, done in rows if at <= now]
        for each, rows in found.items()
    }


def proposer(patient: Patient, offers: Collection[str]) -> Callable[[Visit], str]:
    """What says of a visit of the patient which of some kinds it most likely wants; an empty string for none."""
    there = written([patient.id]).get(patient.id, [])
    first = next(iter(offers), "")

    def proposed(visit: Visit) -> str:
        kind = treatment_days.proposed(there, visit.starts_at.astimezone(clock.zone()).date())
        return kind if kind in offers else first

    return proposed


def proposed(visit: Visit) -> str:
    """The kind of one's own draft for a visit, else what it most likely wants of what the viewer may write."""
    there = notes.of_patient(session, visit.patient_id)
    mine = [note for note in there if note.visit_id == visit.id and note.author_id == me().id and not note.is_signed]
    return mine[0].kind if mine else proposer(visit.patient, offered(visit.patient))(visit)
