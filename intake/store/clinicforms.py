"""Forms the clinic made: the text of each version as it was given. What was published is never changed again."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from intake.forms import checking, reader, shelf
from intake.forms.errors import FormError
from intake.forms.model import Form
from intake.store.base import Base, Identified, Within, everybody
from intake.store.binding import Bound, ForgedError
from intake.store.people import User

DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"


class ClinicForm(Bound, Base, Identified):
    """One version of a form of the clinic. Nobody added it: whoever runs the server did, with a command."""

    __tablename__ = "clinic_forms"
    __table_args__ = (
        UniqueConstraint("form", "version"),
        Index(
            "uq_clinic_forms_draft",
            "form",
            unique=True,
            sqlite_where=text("status = 'draft'"),
            postgresql_where=text("status = 'draft'"),
        ),
    )

    form: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(20), default=DRAFT)
    added_at: Mapped[datetime]
    added_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    retired_at: Mapped[datetime | None]
    retired_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))

    added_by: Mapped[User | None] = relationship(foreign_keys=added_by_id)
    published_by: Mapped[User | None] = relationship(foreign_keys=published_by_id)
    retired_by: Mapped[User | None] = relationship(foreign_keys=retired_by_id)


def digest(given: str) -> str:
    """SHA-256 of a form's text."""
    return hashlib.sha256(given.encode()).hexdigest()


def get(session: Session, form_id: uuid.UUID, within: Within = everybody) -> ClinicForm | None:
    """The version of that id, with the people who had to do with it."""
    people = (joinedload(ClinicForm.added_by), joinedload(ClinicForm.published_by), joinedload(ClinicForm.retired_by))
    return session.scalar(select(ClinicForm).where(ClinicForm.id == form_id, within(ClinicForm)).options(*people))


def everything(session: Session) -> list[ClinicForm]:
    """Every version of every form, the newest of each first."""
    return list(session.scalars(select(ClinicForm).order_by(ClinicForm.form, ClinicForm.version.desc())))


def versions(session: Session, form: str) -> list[ClinicForm]:
    """The versions of one form, the newest first."""
    return [each for each in everything(session) if each.form == form]


def in_use(session: Session, form: str) -> ClinicForm | None:
    """The version that new visits ask for: the newest that was published, unless it was retired."""
    out = next((each for each in versions(session, form) if each.status != DRAFT), None)
    return out if out is not None and out.status == PUBLISHED else None


def read(row: ClinicForm) -> Form:
    """The form that a row holds. ForgedError when its text is not the one whose hash was kept."""
    if digest(row.text) != row.sha256:
        found = f"{row.__tablename__} {row.id}"
        raise ForgedError(found, None)
    return checking.as_published(row.text, row.version)


def fetch(session: Session, form: str, version: int) -> Form:
    """A published version, for answers that were given to it; FormError when there is none."""
    row = session.scalar(select(ClinicForm).where(ClinicForm.form == form, ClinicForm.version == version))
    if row is None or row.status == DRAFT:
        message = f"{form}/{version} was never published here"
        raise FormError(message)
    return read(row)


def published(session: Session) -> list[Form]:
    """Every version that was ever published, of all forms of the clinic: answers to any of them may be there."""
    return [_shelved(row) for row in everything(session) if row.status != DRAFT]


def for_notes(session: Session) -> list[Form]:
    """The clinic's own forms for notes that are in use, by name."""
    used = [row for row in everything(session) if row.status == PUBLISHED and in_use(session, row.form) is row]
    return sorted((form for form in map(_shelved, used) if form.audience == "clinician"), key=lambda form: form.title)


def newest(session: Session, form: str) -> Form:
    """The version of a form that a new visit gets, of ours or of the clinic's; FormError when there is none."""
    if not shelf.is_of_clinic(form):
        return reader.latest(form)
    row = in_use(session, form)
    if row is None:
        message = f"{form} is not in use"
        raise FormError(message)
    return _shelved(row)


def ever(session: Session, form: str) -> list[Form]:
    """Every version of a form that was ever published, of ours or of the clinic's, the newest first."""
    if shelf.is_of_clinic(form):
        return [_shelved(row) for row in versions(session, form) if row.status != DRAFT]
    return [reader.load(name, version) for name, version in reversed(reader.published()) if name == form]


def _shelved(row: ClinicForm) -> Form:
    shelf.put(read(row))
    return reader.load(row.form, row.version)
