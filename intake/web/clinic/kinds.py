"""The kinds of notes somebody is offered, by name, and the one a visit most likely wants."""

from __future__ import annotations

from collections.abc import Callable, Collection

from intake.clinical import kinds, late, treatment_days
from intake.clinical.kinds import Written
from intake.security import policy
from intake.store import clinicforms, notes
from intake.store.notes import Briefs
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


def written(briefs: Briefs) -> list[Written]:
    """Notes of a patient, drafts too, each with the day of its visit where the clinic is.

    What was written of a visit that was called off is left out, and what is written ahead counts from when it begins.
    """
    zone, now = clock.zone(), clock.now()
    held = [each for each in briefs if not each.is_off and each.visit_at <= now]
    return [
        Written(late.kind_of(each.form), each.visit_at.astimezone(zone).date(), is_signed=each.signed_at is not None)
        for each in held
    ]


def proposer(briefs: Briefs, offers: Collection[str]) -> Callable[[Visit], str]:
    """What says of a visit of a patient with these notes which of some kinds it most likely wants; "" for none."""
    there = written(briefs)
    first = next(iter(offers), "")

    def proposed(visit: Visit) -> str:
        kind = treatment_days.proposed(there, visit.starts_at.astimezone(clock.zone()).date())
        return kind if kind in offers else first

    return proposed


def proposed(visit: Visit) -> str:
    """The kind of one's own draft for a visit, else what it most likely wants of what the viewer may write."""
    there = notes.of_patient(session, visit.patient_id)
    mine = [note for note in there if note.visit_id == visit.id and note.author_id == me().id and not note.is_signed]
    return mine[0].kind if mine else proposer(notes.briefs(session, visit.patient_id), offered(visit.patient))(visit)
