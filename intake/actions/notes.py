"""The life of a note: started from the intake, written as a draft, signed and frozen, then added to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, NotReadyError, RefusedError, StaleError, WrongPasswordError
from intake.clinical import quotes
from intake.clinical.signing import reasons_not_to_sign
from intake.forms.conditions import visible_answers
from intake.forms.entry import Entry
from intake.forms.merge import MARKS, merge
from intake.forms.model import Form
from intake.security import passwords
from intake.security.passwords import Cost
from intake.store import audit, notes, responses
from intake.store.notes import Addendum, Note
from intake.store.people import User
from intake.store.responses import Response
from intake.store.visits import Visit


def start(session: Session, visit: Visit, form: Form, intake_form: Form | None, *, by: User, now: datetime) -> Note:
    """A new draft for a visit, its subjective part quoted from the intake; otherwise the draft that is there."""
    session.refresh(visit, attribute_names=["version"], with_for_update=True)  # two clicks make one draft
    for note in notes.of_patient(session, visit.patient_id):
        if note.visit_id == visit.id and note.author_id == by.id and not note.is_signed:
            return note
    intake = responses.intake_of(session, visit.id)
    answers = responses.answers(session, intake.id) if intake else {}
    response = Response(patient_id=visit.patient_id, visit_id=visit.id, form=form.id, form_version=form.version)
    response.language, response.started_at = form.language, now
    said = quotes.prefill(form, intake_form, answers)
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


def sign(session: Session, note: Note, form: Form, password: str, *, cost: Cost, by: User, now: datetime) -> None:
    """Freeze the note under the signer's name, or raise NotReadyError with every reason it cannot be."""
    responses.lock(session, note.response)
    session.refresh(note, attribute_names=["signed_at", "version", "sealed_content"])
    if note.is_signed:
        raise FinalError
    if not passwords.matches(by.password_hash, password, cost):
        raise WrongPasswordError
    stored = responses.sections(session, note.response_id)
    answers = {name: answer for given, _version, _at in stored.values() for name, answer in given.items()}
    if reasons := reasons_not_to_sign(form, answers):
        raise NotReadyError(reasons)
    answers = visible_answers(form, answers)
    note.response.dropped = responses.drop_hidden(session, note.response_id, stored, answers, now)
    note.signer_name, note.signer_credentials, note.signed_at = by.name, by.credentials, now
    note.content = canonical(note, form, answers)
    note.sha256 = hashlib.sha256(note.content.encode()).hexdigest()
    note.response.status, note.response.completed_at = responses.COMPLETED, now
    audit.record(session, "note.signed", actor=by, subject=note, now=now)
    session.commit()


def canonical(note: Note, form: Form, answers: Mapping[str, Any]) -> str:
    """The text whose hash stands for the signed note: sorted keys, no spaces, UTF-8."""
    bare = {name: {k: v for k, v in answer.items() if k not in MARKS} for name, answer in answers.items()}
    content = {
        "answers": bare,
        "author": {"credentials": note.signer_credentials, "id": str(note.author_id), "name": note.signer_name},
        "form": {"id": form.id, "version": form.version},
        "note": str(note.id),
        "patient": str(note.patient_id),
        "signed_at": note.signed_at.isoformat() if note.signed_at else None,
        "visit": str(note.visit_id),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def add(session: Session, note: Note, text: str, *, by: User, now: datetime) -> Addendum:
    """Add to a signed note; what was signed stays as it is."""
    if not note.is_signed:
        message = "This note is a draft: write in the note itself."
        raise RefusedError(message)
    if not text.strip():
        message = "Please write what you want to add."
        raise RefusedError(message)
    addendum = Addendum(note_id=note.id, patient_id=note.patient_id, author_id=by.id, author_name=by.name)
    addendum.author_credentials = by.credentials
    addendum.text, addendum.written_at = text.strip(), now
    session.add(addendum)
    session.flush()
    audit.record(session, "note.added-to", actor=by, subject=note, now=now)
    session.commit()
    return addendum
