"""What happened around one patient, as short as it can be read: which record, what it is, and when."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, func, literal_column, select, union_all
from sqlalchemy.orm import Session, defer, joinedload, lazyload, selectinload

from intake.clinical import acts, signed
from intake.clinical.acts import Kind
from intake.clinical.additions import ADDITIONS
from intake.clinical.timeline import Event
from intake.store import notes
from intake.store.lines import AuditEvent
from intake.store.notes import Note
from intake.store.plans import Document, Plan
from intake.store.responses import ASKED, Response
from intake.store.signatures import Signature
from intake.store.visits import Visit, is_appointment

LEFT = frozenset(acts.WORDS[Kind.DISCLOSURE])  # the acts by which something of a record leaves the house
NOTHING: Mapping[Any, Any] = MappingProxyType({})
# What is signed after a note.
LATER = {**dict.fromkeys(sorted(ADDITIONS), "addendum"), signed.COSIGNATURE: "cosignature"}


def events(session: Session, patient_id: uuid.UUID) -> list[Event]:
    """Visits, forms, notes with what was added to them, plans and documents, in no order."""
    rows = session.execute(_all(), {"patient": patient_id})
    return [Event(what, at, key, None, tier) for what, at, key, tier in rows]


@cache
def _all() -> CompoundSelect[Any]:
    """The query; to put it together takes as long as to run it."""
    said = func.coalesce(Response.completed_at, Response.started_at)
    later = [_of(what, Signature.signed_at, Signature, Signature.kind == kind) for kind, what in LATER.items()]
    return union_all(
        _of("visit", Visit.starts_at, Visit, is_appointment()),
        _of("form", said, Response, *ASKED),
        _of("note", func.coalesce(Note.signed_at, Note.created_at), Note),
        *later,
        _of("plan", func.coalesce(Plan.issued_at, Plan.created_at), Plan),
        _of("document", Document.issued_at, Document, tier=Document.tier),
    )


def _of(what: str, at: Any, model: Any, *only: Any, tier: Any = None) -> Select[Any]:
    """What there is of a table. The words come from this file, never from a page."""
    told = literal_column("'care'") if tier is None else tier
    query = select(literal_column(f"'{what}'").label("what"), at.label("at"), model.id, told.label("tier"))
    return query.where(model.patient_id == bindparam("patient"), *only)


def disclosures(session: Session, patient_id: uuid.UUID) -> list[Event]:
    """What of the record was printed or downloaded, as the audit trail tells it; each told by the parts it held."""
    told = AuditEvent.patient_id == patient_id, AuditEvent.action.in_(LEFT), AuditEvent.outcome == "done"
    found = []
    for line in session.scalars(select(AuditEvent).where(*told)):
        held = line.categories.split()
        tier = next((tier for tier in ("safety", "sensitive") if tier in held), "care")
        found.append(Event("disclosure", line.at, line.seq, line, tier))
    return found


def records(session: Session, shown: Iterable[Event], known: Mapping[Any, Any] = NOTHING) -> dict[Any, Any]:
    """{id: record} of those of some events that have none at hand, each kind read once; `known` were read before."""
    wanted: dict[str, set[Any]] = {}
    for event in shown:
        if event.record is None and event.key not in known:
            wanted.setdefault(event.what, set()).add(event.key)
    found = dict(known)
    for what, load in LOADS.items():
        if what in wanted:
            found |= load(session, wanted[what])
    return found


def _visits(session: Session, keys: Collection[Any]) -> dict[Any, Any]:
    query = select(Visit).where(Visit.id.in_(keys)).options(joinedload(Visit.therapist))
    return {row.id: row for row in session.scalars(query)}


def _forms(session: Session, keys: Collection[Any]) -> dict[Any, Any]:
    return {row.id: row for row in session.scalars(select(Response).where(Response.id.in_(keys)))}


def _notes(session: Session, keys: Collection[Any]) -> dict[Any, Any]:
    """With who wrote and who signed them; what they say is read when it is asked for."""
    names = selectinload(Note.signatures).options(defer(Signature.sealed_content), lazyload(Signature.key))
    query = select(Note).where(Note.id.in_(keys))
    query = query.options(joinedload(Note.author), joinedload(Note.visit), joinedload(Note.response), names)
    found = list(session.scalars(query))
    notes.look_up(session, found)
    return {row.id: row for row in found}


def _signed(session: Session, keys: Collection[Any]) -> dict[Any, Any]:
    query = select(Signature).where(Signature.id.in_(keys))
    return {row.id: row for row in session.scalars(query.options(defer(Signature.sealed_content)))}


def _plans(session: Session, keys: Collection[Any]) -> dict[Any, Any]:
    query = select(Plan).where(Plan.id.in_(keys)).options(joinedload(Plan.author))
    return {row.id: row for row in session.scalars(query)}


def _documents(session: Session, keys: Collection[Any]) -> dict[Any, Any]:
    return {row.id: row for row in session.scalars(select(Document).where(Document.id.in_(keys)))}


LOADS = {
    "visit": _visits,
    "form": _forms,
    "note": _notes,
    "addendum": _signed,
    "cosignature": _signed,
    "plan": _plans,
    "document": _documents,
}
