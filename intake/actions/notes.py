"""The life of a note until it is signed: started from the intake, written as a draft."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, RefusedError, StaleError
from intake.clinical import carried, late, quotes, signed
from intake.forms import disclosure
from intake.forms.conditions import Answers
from intake.forms.entry import Entry
from intake.forms.merge import merge
from intake.forms.model import Form
from intake.forms.problems import N_
from intake.security.policy import ASSISTANTS_WRITE
from intake.store import audit, history, notes, responses, visits
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.responses import Response
from intake.store.visits import Visit

NOT_THIS_KIND = N_("A therapist has to write this kind of note. An assistant writes daily notes and contact notes.")


def start(
    session: Session, visit: Visit, form: Form, intake_form: Form | None, *, ceiling: str, by: User, now: datetime
) -> Note:
    """A new draft of a kind for a visit, its subjective part quoted from the intake; otherwise the draft that is there.

    RefusedError for a kind its author may not write. What stays from note to note is carried from the last signed one.
    At a visit that asks for no intake it is quoted from what stands of earlier ones, with the days. Nothing above
    `ceiling`, the highest tier its author may see, is quoted: nobody signs words they cannot read.
    """
    if signed.awaits(by.roles) and form.id not in ASSISTANTS_WRITE:
        raise RefusedError(NOT_THIS_KIND)
    session.refresh(visit, attribute_names=["version"], with_for_update=True)  # two clicks make one draft
    return _started(session, visit, form, intake_form, ceiling=ceiling, by=by, now=now)


def start_outside(
    session: Session, patient: Patient, form: Form, *, at: datetime, ceiling: str, by: User, now: datetime
) -> Note:
    """A new draft about a call or another contact at a moment that is past; otherwise the draft of it that is there.

    RefusedError for a kind its author may not write, for a moment to come, and where the clinic has no place at all.
    """
    if signed.awaits(by.roles) and form.id not in ASSISTANTS_WRITE:
        raise RefusedError(NOT_THIS_KIND)
    if at > now:
        message = "This moment is still to come. Please give when the contact took place."
        raise RefusedError(message)
    session.refresh(patient, attribute_names=["version"], with_for_update=True)
    visit = visits.contact(session, patient.id, by.id, at)
    if visit is None:
        place = visits.last_place(session, patient.id)
        if place is None:
            message = "The clinic has no place yet. An administrator can add one in the settings."
            raise RefusedError(message)
        visit = Visit(patient_id=patient.id, therapist_id=by.id, location_id=place, kind=visits.CONTACT, starts_at=at)
        session.add(visit)
        session.flush()
    return _started(session, visit, form, None, ceiling=ceiling, by=by, now=now)


def _started(
    session: Session, visit: Visit, form: Form, intake_form: Form | None, *, ceiling: str, by: User, now: datetime
) -> Note:
    written = notes.of_patient(session, visit.patient_id)
    for note in written:
        is_mine = (note.visit_id, note.author_id, note.kind) == (visit.id, by.id, form.id)
        if is_mine and not note.is_signed:
            return note
    form = late.form_of(form, visit.starts_at, now)
    intake = responses.intake_of(session, visit.id)
    answers = responses.answers(session, intake.id) if intake else {}
    response = Response(patient_id=visit.patient_id, visit_id=visit.id, form=form.id, form_version=form.version)
    response.language, response.started_at = form.language, now
    below = disclosure.disclosed(intake_form, answers, ceiling) if intake_form else {}
    mine = disclosure.restricted(form, ceiling)
    said = quotes.prefill(mine, intake_form, below)
    if intake is None:
        said = quotes.prefill_again(mine, history.stands_at(session, visit, ceiling), history.zone(session))
    for section, kept in carried.goals(mine, _last_words(session, written)).items():
        said[section] = {**said.get(section, {}), **kept}
    responses.start(session, response, [section.id for section in form.sections], said, now)
    note = Note(
        response_id=response.id, patient_id=visit.patient_id, visit_id=visit.id, author_id=by.id, created_at=now
    )
    session.add(note)
    session.flush()
    audit.record(session, "note.started", actor=by, subject=note, now=now)
    session.commit()
    return note


def _last_words(session: Session, written: list[Note]) -> Iterator[Answers]:
    """What the signed notes of a patient say, the latest visit first."""
    final = [note for note in written if note.is_signed and not note.waiting]
    for note in sorted(final, key=lambda each: (each.visit.starts_at, each.created_at), reverse=True):
        yield responses.answers(session, note.response_id)


def save(
    session: Session,
    response: Response,
    form: Form,
    entry: Entry,
    bases: Mapping[str, int],
    *,
    by: User,
    subject: object,
    now: datetime,
    afresh: Collection[str] = (),
) -> dict[str, int]:
    """Keep what a page of several sections said; the new version of each section.

    Serves notes and plans alike. StaleError when an answer was changed elsewhere since its base; nothing is saved then.
    An answer named in `afresh` is given now even where it says what was there (merge).
    """
    responses.lock(session, response)
    if response.status == responses.COMPLETED:
        raise FinalError
    stored = responses.sections(session, response.id)
    at = now.isoformat(timespec="seconds")
    merges = {}
    for name in bases.keys() & stored.keys() & {section.id for section in form.sections}:
        mine, version, _saved_at = stored[name]
        said = _of(entry, form, name)
        merges[name] = merge(mine, said, base=bases[name], version=version, at=at, afresh=afresh)
    conflicts = [question for merged in merges.values() for question in merged.conflicts]
    if conflicts or any(bases[name] > stored[name][1] for name in merges):
        raise StaleError(conflicts)
    versions = {name: version for name, (_answers, version, _saved_at) in stored.items()}
    for name, merged in merges.items():
        if merged.changed:
            if not responses.save_section(session, response.id, name, merged.answers, over=versions[name], now=now):
                raise StaleError
            versions[name] += 1
    audit.record(session, "draft.saved", actor=by, subject=subject, now=now)
    session.commit()
    return versions


def _of(entry: Entry, form: Form, section: str) -> Entry:
    inside = {question.id for question in form.section(section).questions()}
    return Entry(
        answers={name: answer for name, answer in entry.answers.items() if name in inside},
        emptied=entry.emptied & inside,
    )
