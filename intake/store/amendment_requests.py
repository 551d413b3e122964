"""What patients ask to have changed in a signed note, and that the clinic takes more time for it. Only added to.

What became of a wish stands in the ledger of the patient, signed (clinical/additions.py): here it is looked up.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship, selectinload
from sqlalchemy.sql.base import ExecutableOption

from intake.clinical.additions import AMENDMENT, DENIED, DISAGREEMENT, tier_for
from intake.forms.model import Tier
from intake.store.asked import as_asked
from intake.store.base import Base, Identified, Within, everybody
from intake.store.binding import Bound
from intake.store.notes import Note
from intake.store.patient_keys import SENSITIVE
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.sealing import Inside, Sealing, sealed
from intake.store.signatures import Signature
from intake.store.visits import Visit


class AmendmentRequest(Bound, Sealing, Base, Identified):
    """A wish as it was received; or, with `extends_id`, that she was told on that day why it takes longer."""

    __tablename__ = "amendment_requests"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    note_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notes.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    extends_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("amendment_requests.id"), unique=True)
    received_on: Mapped[date]
    recorded_at: Mapped[datetime]
    sealed_words: Mapped[bytes] = sealed(SENSITIVE, "words")

    text = Inside[str]("sealed_words", str)
    readers = Inside[str]("sealed_words", str)  # who reads them: a code of additions.READERS, or nothing was chosen

    patient: Mapped[Patient] = relationship()
    note: Mapped[Note] = relationship()
    user: Mapped[User] = relationship()
    extension: Mapped[AmendmentRequest | None] = relationship(
        primaryjoin="AmendmentRequest.id == foreign(remote(AmendmentRequest.extends_id))", viewonly=True, uselist=False
    )

    @property
    def words_tier(self) -> Tier:
        """The tier of its words."""
        return tier_for(self.readers)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish: the signed answer, and what she said to a denial; None while it waits."""

    answer: Signature | None
    statement: Signature | None

    @property
    def is_denied(self) -> bool:
        """Whether it was denied."""
        said = self.answer.said.addition if self.answer else None
        return said is not None and said.decision == DENIED


def get(session: Session, request_id: uuid.UUID, within: Within = everybody) -> AmendmentRequest | None:
    """The wish of that id, with its note and what was signed for that."""
    mine = AmendmentRequest.id == request_id, AmendmentRequest.extends_id.is_(None), within(AmendmentRequest)
    return as_asked(session.scalar(select(AmendmentRequest).where(*mine).options(*_whole())), id=request_id)


def of_note(session: Session, note_id: uuid.UUID) -> list[AmendmentRequest]:
    """The wishes about a note, the oldest first."""
    return _found(session, lambda _model: AmendmentRequest.note_id == note_id)


def open_of_note(session: Session, note_id: uuid.UUID) -> list[AmendmentRequest]:
    """The wishes about a note that are not answered yet, the oldest first."""
    return [each for each in of_note(session, note_id) if outcome(each).answer is None]


def waiting(session: Session, within: Within) -> list[AmendmentRequest]:
    """The wishes that are not answered yet, those due first at the top."""
    open_ones = [each for each in _found(session, within) if outcome(each).answer is None]
    return sorted(open_ones, key=lambda each: (each.received_on, each.recorded_at))


def everything(session: Session, within: Within) -> list[AmendmentRequest]:
    """Every wish, the newest first."""
    return _found(session, within)[::-1]


def _found(session: Session, within: Within) -> list[AmendmentRequest]:
    query = select(AmendmentRequest).where(AmendmentRequest.extends_id.is_(None), within(AmendmentRequest))
    query = query.order_by(AmendmentRequest.received_on, AmendmentRequest.recorded_at)
    return list(session.scalars(query.options(*_whole())))


def outcome(request: AmendmentRequest) -> Outcome:
    """What was signed about a wish."""
    return Outcome(
        next(_about(request, AMENDMENT), None),
        next(_about(request, DISAGREEMENT), None),
    )


def _about(request: AmendmentRequest, kind: str) -> Iterator[Signature]:
    for entry in request.note.signatures:
        said = entry.said.addition if entry.kind == kind else None
        if said is not None and said.asked is not None and said.asked.id == str(request.id):
            yield entry


def _whole() -> tuple[ExecutableOption, ...]:
    note = joinedload(AmendmentRequest.note)
    return (
        joinedload(AmendmentRequest.patient),
        joinedload(AmendmentRequest.user),
        selectinload(AmendmentRequest.extension),
        note.joinedload(Note.response),
        note.joinedload(Note.author),
        note.joinedload(Note.visit).joinedload(Visit.location),
        note.joinedload(Note.patient).selectinload(Patient.visits),
        note.selectinload(Note.signatures),
    )
