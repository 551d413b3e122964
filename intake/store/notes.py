"""Notes of every kind: a response with a life. Draft, then signed and frozen, then addenda only."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, CursorResult, ForeignKey, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import (
    Mapped,
    Session,
    aliased,
    contains_eager,
    defer,
    joinedload,
    lazyload,
    mapped_column,
    relationship,
    selectinload,
)

from intake.clinical import late, signed
from intake.clinical.additions import CORRECTIONS
from intake.store import history, responses
from intake.store.base import Base, Identified, Versioned, Within, everybody
from intake.store.binding import Bound
from intake.store.lines import AuditEvent
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.responses import Response
from intake.store.signatures import Signature
from intake.store.visits import Visit, is_appointment

SIGNED = "note.signed"  # the act in the audit trail


class Note(Bound, Base, Identified, Versioned):
    """One note: a draft in its response, or final with what was signed in `signatures`."""

    __tablename__ = "notes"
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"), unique=True)
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]

    response: Mapped[Response] = relationship()
    patient: Mapped[Patient] = relationship()
    visit: Mapped[Visit] = relationship()
    author: Mapped[User] = relationship()
    signatures: Mapped[list[Signature]] = relationship(order_by=Signature.position, viewonly=True)

    was_signed = False  # no column: whether the audit trail says so, looked up for what seems to be a draft

    @property
    def is_signed(self) -> bool:
        """Whether it is final: something was signed for it, whatever the row itself says."""
        return self.signed_at is not None or bool(self.signatures) or self.was_signed

    @property
    def kind(self) -> str:
        """What kind of note it is: the name of its form, begun late or not."""
        return late.kind_of(self.response.form)

    @property
    def is_late_entry(self) -> bool:
        """Whether it was begun late after the visit."""
        return late.is_late_form(self.response.form)

    @property
    def title(self) -> str:
        """The name of its kind, as its form has it."""
        return responses.form_of(self.response).title

    @property
    def cosigners(self) -> frozenset[uuid.UUID]:
        """Who put their name beside an assistant's."""
        return frozenset(entry.signer_id for entry in self.signatures if entry.kind == signed.COSIGNATURE)

    @property
    def waiting(self) -> list[Signature]:
        """What an assistant signed here and no therapist has co-signed yet."""
        return signed.waiting(self.signatures)


def get(session: Session, note_id: uuid.UUID, within: Within = everybody) -> Note | None:
    """The note with everything a page about it shows."""
    found = session.scalar(
        select(Note)
        .where(Note.id == note_id, within(Note))
        .options(
            joinedload(Note.response),
            joinedload(Note.author),
            joinedload(Note.visit).joinedload(Visit.location),
            joinedload(Note.patient),
            selectinload(Note.signatures),
        )
    )
    if found is not None:
        look_up(session, [found])
    return found


def look_up(session: Session, found: Sequence[Note]) -> None:
    """Ask the audit trail about what seems to be a draft: a signed note whose signatures were removed is none."""
    drafts = {note.id: note for note in found if not note.is_signed}
    told = AuditEvent.patient_id.in_({note.patient_id for note in drafts.values()}), AuditEvent.action == SIGNED
    query = select(AuditEvent.subject_id).where(*told, AuditEvent.subject_id.in_(drafts))
    for note_id in session.scalars(query) if drafts else ():
        drafts[cast("uuid.UUID", note_id)].was_signed = True


def of_patient(session: Session, patient_id: uuid.UUID) -> list[Note]:
    """The notes of a patient, newest first, with authors and who signed; what they say is read when it is asked for."""
    query = select(Note).where(Note.patient_id == patient_id)
    names = selectinload(Note.signatures).options(defer(Signature.sealed_content), lazyload(Signature.key))
    query = query.options(joinedload(Note.author), joinedload(Note.response), joinedload(Note.visit), names)
    found = list(session.scalars(query.order_by(Note.created_at.desc())))
    look_up(session, found)
    return found


def signed_before(session: Session, note: Note, *, waiting: bool = True) -> list[Signature]:
    """The notes of a patient that were signed before this one, of visits before or at its own; the newest visit first.

    Of a draft: all that are signed by now. Without `waiting` none in which something waits for a co-signature. What
    each says is opened when it is asked for.
    """
    about = Signature.patient_id == note.patient_id, Signature.kind == signed.NOTE, Signature.note_id != note.id
    own = min((entry.position for entry in note.signatures), default=None)
    earlier = (Signature.position < own,) if own is not None else ()
    query = select(Signature).join(Note, Signature.note_id == Note.id).join(Visit, Note.visit_id == Visit.id)
    query = query.where(*about, *earlier, Visit.starts_at <= note.visit.starts_at)
    if not waiting:
        there = select(Signature.note_id).where(Signature.patient_id == note.patient_id, *_not_cosigned())
        query = query.where(Note.id.not_in(there))
    return list(session.scalars(query.order_by(Visit.starts_at.desc(), Signature.position.desc())))


def corrected(session: Session, note: Note) -> list[tuple[Note, Signature]]:
    """What was corrected in the other notes of a patient, of the newest note first."""
    query = select(Note, Signature).join(Signature, Signature.note_id == Note.id)
    others = Note.patient_id == note.patient_id, Note.id != note.id, Signature.kind.in_(CORRECTIONS)
    query = query.where(*others).options(joinedload(Note.visit), lazyload(Signature.key))
    rows = session.execute(query.order_by(Note.created_at.desc(), Signature.position))
    return [(other, entry) for other, entry in rows]


def added_to(session: Session, patient_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The notes of a patient that somebody added to after they were signed."""
    beside = (signed.NOTE, signed.COSIGNATURE)
    mine = Signature.patient_id == patient_id, Signature.kind.not_in(beside)
    return frozenset(session.scalars(select(Signature.note_id).where(*mine)))


def of_visit(session: Session, visit_id: uuid.UUID) -> list[Note]:
    """The notes of a visit, drafts included."""
    return list(session.scalars(select(Note).where(Note.visit_id == visit_id)))


class Brief(NamedTuple):
    """What a list needs to know of a note without its row: its form, whose it is, when it was signed, its visit."""

    id: uuid.UUID
    form: str
    version: int
    author_id: uuid.UUID
    signed_at: datetime | None
    visit_id: uuid.UUID
    visit_at: datetime
    is_off: bool  # the visit was called off


Briefs = Sequence[Brief]
_OF_NOTE = Note.id, Response.form, Response.form_version, Note.author_id, Note.signed_at
_BRIEFS = (
    select(Note.patient_id, *_OF_NOTE, Visit.id, Visit.starts_at, Visit.cancelled_at.is_not(None))
    .join(Response, Response.id == Note.response_id)
    .join(Visit, Visit.id == Note.visit_id)
    .where(Note.patient_id.in_(bindparam("patients", expanding=True)))
    .order_by(Visit.starts_at)
)


def briefs(session: Session, patient_id: uuid.UUID) -> list[Brief]:
    """Every note of a patient, drafts too, in brief, the oldest visit first."""
    return briefs_of(session, [patient_id]).get(patient_id, [])


def briefs_of(session: Session, patients: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Brief]]:
    """The same of several patients, read together; none of a patient without a note."""
    found: dict[uuid.UUID, list[Brief]] = {}
    for row in session.execute(_BRIEFS, {"patients": sorted(patients)}) if patients else ():
        found.setdefault(row[0], []).append(Brief(*row[1:]))
    return found


def newest_signed(found: Briefs) -> list[Brief]:
    """The signed ones, the one signed last first."""
    final = sorted((each for each in found if each.signed_at is not None), key=lambda each: str(each.id))
    return sorted(final, key=lambda each: cast("datetime", each.signed_at), reverse=True)


def signed_of(session: Session, patient_id: uuid.UUID, first: int, most: int) -> tuple[list[Note], int]:
    """Some of a patient's signed notes, the oldest first from the one of a number on, and how many there are."""
    ids = [each.id for each in reversed(newest_signed(briefs(session, patient_id)))]
    found = some_signed(session, ids[first : first + most])
    return [found[note_id] for note_id in ids[first : first + most]], len(ids)


def some_signed(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Note]:
    """{id: note} of some signed notes with what was signed, read together."""
    query = select(Note).where(Note.id.in_(ids))
    query = query.options(joinedload(Note.response), joinedload(Note.visit), selectinload(Note.signatures))
    return {each.id: each for each in session.scalars(query)}


def written(found: Briefs, author: User) -> dict[uuid.UUID, bool]:
    """{visit: whether one of its notes is a draft of that person's} of the visits that have any note."""
    visits: dict[uuid.UUID, bool] = {}
    for each in found:
        is_own = each.author_id == author.id and each.signed_at is None
        visits[each.visit_id] = visits.get(each.visit_id, False) or is_own
    return visits


def unsigned_by(session: Session, author: User, within: Within = everybody) -> list[Note]:
    """The drafts of one person with their visits, that of the oldest visit first."""
    query = select(Note).join(Note.visit).where(Note.author_id == author.id, *_unsigned(), within(Note))
    query = query.options(joinedload(Note.patient), contains_eager(Note.visit), joinedload(Note.response))
    return list(session.scalars(query.order_by(Visit.starts_at, Note.created_at)))


def unwritten_by(
    session: Session, therapist: User, since: datetime, now: datetime, within: Within = everybody
) -> list[Visit]:
    """The visits of a therapist that began since a moment and have no note at all, the oldest first."""
    mine = Visit.therapist_id == therapist.id, Visit.starts_at >= since, Visit.starts_at < now, is_appointment()
    none = Visit.cancelled_at.is_(None), ~exists().where(Note.visit_id == Visit.id)
    query = select(Visit).where(*mine, *none, within(Visit)).options(joinedload(Visit.patient))
    return list(session.scalars(query.order_by(Visit.starts_at)))


def all_unsigned(session: Session) -> list[tuple[uuid.UUID, datetime]]:
    """(who writes it, when the visit was) of every draft of the clinic: nothing of whose it is."""
    query = select(Note.author_id, Visit.starts_at).join(Note.visit).where(*_unsigned())
    return [(author, visit_at) for author, visit_at in session.execute(query)]


def all_awaiting(session: Session) -> list[tuple[uuid.UUID, datetime]]:
    """The same of every note that waits for a co-signature: who signed it, as an assistant, and when the visit was."""
    query = select(Signature.signer_id, Visit.starts_at, Signature.note_id).distinct()
    query = query.join(Note, Note.id == Signature.note_id).join(Visit, Visit.id == Note.visit_id)
    return [(signer, visit_at) for signer, visit_at, _note in session.execute(query.where(*_not_cosigned()))]


def day(session: Session, note: Note) -> date:
    """The day of service: that of the visit, where the clinic is."""
    return note.visit.starts_at.astimezone(history.zone(session)).date()


def freeze(session: Session, note: Note, now: datetime, *, over: int) -> bool:
    """Make a draft of that version final. False when it is final already or was changed since."""
    draft = Note.id == note.id, Note.version == over
    statement = update(Note).where(*draft, *_unsigned()).values(signed_at=now, version=over + 1)
    done = session.execute(statement.execution_options(synchronize_session=False))
    session.expire(note, ["signed_at", "version"])
    return bool(cast("CursorResult[Any]", done).rowcount)


def _unsigned() -> tuple[ColumnElement[bool], ...]:
    """What holds of a draft. The row alone is not believed: its date may be gone, and the signatures beside it."""
    told = AuditEvent.patient_id == Note.patient_id, AuditEvent.action == SIGNED, AuditEvent.subject_id == Note.id
    return Note.signed_at.is_(None), ~exists().where(Signature.note_id == Note.id), ~exists().where(*told)


def waiting_for(session: Session, therapist: User, within: Within = everybody) -> list[Note]:
    """Notes that somebody else has signed as an assistant and nobody has co-signed yet, oldest first."""
    return _awaiting(session, Signature.signer_id != therapist.id, within(Note))


def awaiting_of(session: Session, assistant: User, within: Within = everybody) -> list[Note]:
    """Notes in which something somebody signed as an assistant is not co-signed yet, oldest first."""
    return _awaiting(session, Signature.signer_id == assistant.id, within(Note))


def _awaiting(session: Session, *only: ColumnElement[bool]) -> list[Note]:
    query = select(Note).join(Signature, Signature.note_id == Note.id).join(Note.visit)
    query = query.where(*_not_cosigned(), *only).order_by(Visit.starts_at, Note.signed_at)
    people = joinedload(Note.patient), joinedload(Note.author)
    whole = *people, contains_eager(Note.visit), joinedload(Note.response)
    return list(session.scalars(query.options(*whole)).unique())


def _not_cosigned() -> tuple[ColumnElement[bool], ...]:
    """What holds of what an assistant signed and no therapist has co-signed."""
    beside = aliased(Signature)
    done = exists().where(beside.adds_to == Signature.sha256, beside.kind == signed.COSIGNATURE)
    return Signature.meaning == signed.AWAITS, ~done


def to_check(session: Session, patient_id: uuid.UUID) -> list[Note]:
    """The notes of a patient that are signed, or that something was signed for, with their signatures."""
    has = select(Signature.note_id).where(Signature.patient_id == patient_id)
    final = Note.patient_id == patient_id, ~and_(*_unsigned())
    query = select(Note).where(or_(and_(*final), Note.id.in_(has))).order_by(Note.created_at)
    return list(session.scalars(query.options(selectinload(Note.signatures), joinedload(Note.response))))
