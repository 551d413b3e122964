"""The life of a note until it is signed: started from the intake, written as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, StaleError
from intake.clinical import quotes
from intake.forms import disclosure
from intake.forms.entry import Entry
from intake.forms.merge import merge
from intake.forms.model import Form
from intake.store import audit, history, notes, responses
from intake.store.notes import Note
from intake.store.people import User
from intake.store.responses import Response
from intake.store.visits import Visit


def start(
    session: Session, visit: Visit, form: Form, intake_form: Form | None, *, ceiling: str, by: User, now: datetime
) -> Note:
    """A new draft for a visit, its subjective part quoted from the intake; otherwise the draft that is there.

    At a visit that asks for no intake it is quoted from what stands of earlier ones, with the days. Nothing above
    `ceiling`, the highest tier its author may see, is quoted: nobody signs words they cannot read.
    """
    session.refresh(visit, attribute_names=["version"], with_for_update=True)  # two clicks make one draft
    for note in notes.of_patient(session, visit.patient_id):
        if note.visit_id == visit.id and note.author_id == by.id and not note.is_signed:
            return note
    intake = responses.intake_of(session, visit.id)
    answers = responses.answers(session, intake.id) if intake else {}
    response = Response(patient_id=visit.patient_id, visit_id=visit.id, form=form.id, form_version=form.version)
    response.language, response.started_at = form.language, now
    below = disclosure.disclosed(intake_form, answers, ceiling) if intake_form else {}
    said = quotes.prefill(disclosure.restricted(form, ceiling), intake_form, below)
    if intake is None:
        before = history.stands_at(session, visit, ceiling)
        said = quotes.prefill_again(disclosure.restricted(form, ceiling), before, history.zone(session))
    responses.start(session, response, [section.id for section in form.sections], said, now)
    note = Note(
        response_id=response.id, patient_id=visit.patient_id, visit_id=visit.id, author_id=by.id, created_at=now
    )
    session.add(note)
    session.flush()
    audit.record(session, "note.started", actor=by, subject=note, now=now)
    session.commit()
    return note


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
) -> dict[str, int]:
    """Keep what a page of several sections said; the new version of each section.

    Serves notes and plans alike. StaleError when an answer was changed elsewhere since its base; nothing is saved then.
    """
    responses.lock(session, response)
    if response.status == responses.COMPLETED:
        raise FinalError
    stored = responses.sections(session, response.id)
    at = now.isoformat(timespec="seconds")
    merges = {}
    for name in bases.keys() & stored.keys() & {section.id for section in form.sections}:
        mine, version, _saved_at = stored[name]
        merges[name] = merge(mine, _of(entry, form, name), base=bases[name], version=version, at=at)
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
