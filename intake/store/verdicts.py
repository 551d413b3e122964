"""Whether signed records are still what was signed: a note with everything signed for it, and a patient's ledger."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from intake.clinical import signed
from intake.clinical.signed import FIRST, Signed
from intake.forms import publishing
from intake.forms.merge import bare
from intake.security import canonical, proof
from intake.security.seal import OTHER_TYPES, SealError
from intake.store import ledgers, notes, responses, signatures
from intake.store.audit import AuditEvent
from intake.store.binding import ForgedError
from intake.store.ledgers import Ledger
from intake.store.notes import Note
from intake.store.signatures import SIGNING_ACTS, Signature


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a note and with its patient's ledger: names of checks, empty when all is well."""

    faults: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything is as it was signed."""
        return not self.faults and not self.gaps


def of_note(session: Session, note: Note, trusted: frozenset[bytes]) -> Verdict:
    """Check a signed note. `trusted` are the instance's public keys."""
    return Verdict(note_faults(session, note, trusted), ledger_gaps(session, note.patient_id))


def note_faults(session: Session, note: Note, trusted: frozenset[bytes]) -> tuple[str, ...]:
    """The checks that fail for a note, its addenda and co-signatures; never an exception."""
    found = {fault for entry in note.signatures for fault in faults(entry, trusted)}
    if found:
        return tuple(sorted(found))
    first = note.signatures[0] if note.signatures else None
    if first is None or first.kind != signed.NOTE or [e.kind for e in note.signatures].count(signed.NOTE) != 1:
        return ("missing",)
    said = first.said
    if not _is_of(note, said) or not _hang_together(note.signatures):
        found.add("moved")
    try:
        if _written(session, note) != canonical.settled(said.answers):
            found.add("answers")
    except SealError:
        found.add("sealed")
    return tuple(sorted(found))


def faults(entry: Signature, trusted: frozenset[bytes]) -> tuple[str, ...]:
    """The checks that fail for one signed record."""
    try:
        whole = entry.as_proof
    except SealError:
        return ("sealed",)
    found = proof.problems(whole, trusted)
    if "content" in found:
        return found
    try:
        said = entry.said
    except (ValueError, KeyError, TypeError):
        return (*found, "content")
    more = [] if _matches(entry, said) else ["moved"]
    if said.kind == signed.NOTE and publishing.hash_of(said.form, said.form_version) != said.form_hash:
        more.append("form")
    return (*found, *more)


def _matches(entry: Signature, said: Signed) -> bool:
    """Whether the columns that find a record say what its bytes say."""
    return (
        (entry.patient_id, entry.note_id, entry.signer_id) == (said.patient, said.note, said.author_id)
        and (entry.position, entry.prev_hash) == (said.place.position, said.place.prev_hash)
        and (entry.kind, entry.meaning, entry.adds_to) == (said.kind, said.meaning, said.adds_to)
        and entry.signed_at == said.signed_at
    )


def _is_of(note: Note, said: Signed) -> bool:
    mine = (note.id, note.patient_id, note.visit_id, note.author_id, note.created_at, note.signed_at, note.version)
    # Freezing counts as one more version of the row.
    theirs = (said.patient, said.visit, said.author_id, said.started_at, said.signed_at, said.version + 1)
    return mine == (said.note, *theirs)


def _hang_together(entries: list[Signature]) -> bool:
    """Whether each addendum and co-signature names a record of the same note that was signed before it."""
    return all(
        entry.adds_to in {before.sha256 for before in entries[:number]}
        for number, entry in enumerate(entries)
        if number > 0
    )


def _written(session: Session, note: Note) -> Any:
    """The answers as the rows hold them, from which plans are proposed: they must be those that were signed."""
    held: Mapping[str, Any] = responses.answers(session, note.response_id)
    return canonical.settled({name: bare(answer) for name, answer in held.items()})


def ledger_gaps(session: Session, patient_id: uuid.UUID) -> tuple[str, ...]:
    """What is wrong with the order and the completeness of a patient's signed records."""
    table = Signature
    rows = session.execute(
        select(table.position, table.prev_hash, table.sha256)
        .where(table.patient_id == patient_id)
        .order_by(table.position)
    ).all()
    found = []
    before = FIRST
    for number, (position, prev_hash, sha256) in enumerate(rows, start=1):
        if position != number or prev_hash != before:
            found.append("chain")
            break
        before = sha256
    if ledgers.newest(session, patient_id) != ((rows[-1].position, rows[-1].sha256) if rows else None):
        found.append("head")
    marks, told = [ledgers.mark(row.position, row.sha256) for row in rows], _told(session, patient_id)
    if not told <= set(marks) or not set(marks[-1:]) <= told:
        found.append("audit")
    return tuple(found)


def _told(session: Session, patient_id: uuid.UUID) -> set[str]:
    """The entries the audit trail speaks of."""
    lines = AuditEvent.patient_id == patient_id, AuditEvent.action.in_(SIGNING_ACTS)
    return set(session.scalars(select(AuditEvent.reason).where(*lines)))


def patients(session: Session) -> list[uuid.UUID]:
    """Everybody who has, or ever had, a signed record."""
    sources = (
        select(Note.patient_id).where(Note.signed_at.is_not(None)),
        select(Signature.patient_id),
        select(Ledger.patient_id),
        select(AuditEvent.patient_id).where(AuditEvent.action.in_(SIGNING_ACTS), AuditEvent.patient_id.is_not(None)),
    )
    return list(session.scalars(union(*sources)))


Checked = Iterator[tuple[Note | None, Verdict]]


def of_patient(session: Session, patient_id: uuid.UUID, trusted: frozenset[bytes]) -> Checked:
    """(note, what is wrong with it) for each, then (None, what is wrong with the ledger).

    Where a row is not ours, or holds what no row can, the rest of that patient cannot be checked: it is named in place
    of a note.
    """
    try:
        yield from _of_patient(session, patient_id, trusted)
    except ForgedError as forged:
        yield None, Verdict((f"forged: {forged.row}",), ())
    except (SealError, LookupError, *OTHER_TYPES):
        yield None, Verdict((f"unreadable: a row of patient {patient_id}",), ())


def _of_patient(session: Session, patient_id: uuid.UUID, trusted: frozenset[bytes]) -> Checked:
    seen: set[uuid.UUID] = set()
    for note in notes.to_check(session, patient_id):
        seen |= {entry.id for entry in note.signatures}
        yield note, Verdict(note_faults(session, note, trusted), ())
    stray = [entry for entry in signatures.of_patient(session, patient_id) if entry.id not in seen]
    gaps = ledger_gaps(session, patient_id)
    yield None, Verdict(("moved",) if stray else (), gaps)
