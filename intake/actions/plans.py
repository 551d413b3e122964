"""The life of a care plan: proposed from a signed note, edited, issued as the exact bytes that are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from intake.actions import sheets
from intake.actions.refusals import FinalError, NotReadyError, RefusedError
from intake.clinical import plan as planning
from intake.forms import disclosure, reader
from intake.forms.entry import Entry
from intake.forms.model import Form, Tier
from intake.pdf.press import press
from intake.store import audit, plans, responses
from intake.store.notes import Note
from intake.store.people import Clinic, User
from intake.store.plans import Document, Plan
from intake.store.responses import Response

Paper = Literal["letter", "a4"]
PLAN_FILE, PRIVATE_FILE = "plan", "pages"


def start(session: Session, note: Note, form: Form, *, by: User, now: datetime) -> Plan:
    """A new draft from a signed note; the draft that is there already otherwise."""
    _refuse_unfounded(note)
    # Two clicks make one draft.
    session.refresh(note, attribute_names=["version"], with_for_update=True)
    for plan in plans.of_patient(session, note.patient_id):
        if plan.note_id == note.id and plan.author_id == by.id and not plan.is_issued:
            return plan
    intake = responses.intake_of(session, note.visit_id)
    said = _below(session, intake, Tier.CARE) if intake else {}
    proposal = planning.proposal(_below(session, note.response, Tier.CARE), said)
    response = Response(patient_id=note.patient_id, visit_id=note.visit_id, form=form.id, form_version=form.version)
    response.language, response.started_at = form.language, now
    responses.start(session, response, [section.id for section in form.sections], proposal, now)
    plan = Plan(response_id=response.id, patient_id=note.patient_id, visit_id=note.visit_id, note_id=note.id)
    plan.author_id, plan.created_at = by.id, now
    session.add(plan)
    session.flush()
    audit.record(session, "plan.started", actor=by, subject=plan, now=now)
    session.commit()
    return plan


def _refuse_unfounded(note: Note) -> None:
    """A plan builds on findings a therapist answers for."""
    if not note.is_signed:
        message = "Please sign the note first: a plan builds on findings that stand."
        raise RefusedError(message)
    if note.waiting:
        message = "The note waits for a co-signature. A therapist who treats this patient has to co-sign it first."
        raise RefusedError(message)


def with_usual_doses(entry: Entry) -> Entry:
    """A page of a plan with the library's dose wherever an exercise was chosen and its dose left empty."""
    chosen = entry.answers.get("cp_exercises")
    if chosen is not None and not entry.problems:
        entry.answers["cp_exercises"] = {"value": [planning.with_usual_dose(item) for item in chosen["value"]]}
    return entry


def issue(
    session: Session, plan: Plan, form: Form, clinic: Clinic, *, paper: Paper, by: User, today: date, now: datetime
) -> list[Document]:
    """Freeze the plan and keep the bytes that are handed over; NotReadyError with every reason it cannot be."""
    responses.lock(session, plan.response)
    session.refresh(plan, attribute_names=["issued_at", "version"])
    if plan.is_issued:
        raise FinalError
    _refuse_unfounded(plan.note)
    if reasons := planning.reasons_not_to_issue(form, responses.answers(session, plan.response_id)):
        raise NotReadyError(reasons)
    plan.issued_at = now
    plan.response.status, plan.response.completed_at = responses.COMPLETED, now
    issued = _documents(session, plan, clinic, paper, today, by, now)
    session.add_all(issued)
    audit.record(session, "plan.issued", actor=by, subject=plan, now=now)
    session.commit()
    return issued


def reprint(
    session: Session, plan: Plan, clinic: Clinic, *, paper: Paper, by: User, today: date, now: datetime
) -> list[Document]:
    """The issued plan once more, on other paper: another document beside the first."""
    if not plan.is_issued:
        message = "Please issue the plan first."
        raise RefusedError(message)
    issued = _documents(session, plan, clinic, paper, today, by, now)
    session.add_all(issued)
    audit.record(session, "plan.reprinted", actor=by, subject=plan, now=now)
    session.commit()
    return issued


def preview(session: Session, plan: Plan, clinic: Clinic, *, paper: Paper, today: date) -> bytes:
    """The care plan as it would be issued now."""
    answers, intake = _answers(session, plan, Tier.CARE)
    return press.print(sheets.care_plan(plan, answers, intake, clinic, issued_on=today), paper=paper)


def _answers(session: Session, plan: Plan, ceiling: Tier) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The answers of the plan and of the intake that a document of this ceiling may print."""
    intake = responses.intake_of(session, plan.visit_id)
    return _below(session, plan.response, ceiling), _below(session, intake, ceiling) if intake else {}


def _below(session: Session, response: Response, ceiling: Tier) -> Mapping[str, Any]:
    form = reader.load(response.form, response.form_version)
    return disclosure.disclosed(form, responses.answers(session, response.id), ceiling)


def _documents(
    session: Session, plan: Plan, clinic: Clinic, paper: Paper, today: date, by: User, now: datetime
) -> list[Document]:
    sheet = sheets.care_plan(plan, *_answers(session, plan, Tier.CARE), clinic, issued_on=today)
    files = [(PLAN_FILE, Tier.CARE, press.print(sheet, paper=paper))]
    private = sheets.private_pages(plan, *_answers(session, plan, Tier.SENSITIVE), clinic, issued_on=today)
    if private is not None:
        files.append((PRIVATE_FILE, Tier.SENSITIVE, press.print(private, paper=paper)))
    return [_document(plan, name, tier, content, paper, by, now) for name, tier, content in files]


def _document(plan: Plan, name: str, tier: Tier, content: bytes, paper: Paper, by: User, now: datetime) -> Document:
    return Document(
        patient_id=plan.patient_id,
        plan_id=plan.id,
        issued_by_id=by.id,
        issued_at=now,
        paper=paper,
        tier=str(tier),
        file_name=f"{name}-{now:%Y-%m-%d}.pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )
