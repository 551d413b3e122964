"""Which forms a patient is asked to fill in before a visit of each kind."""

from __future__ import annotations

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.store.base import Base


class VisitForm(Base):
    """One form of a kind of visit, at its place in the order."""

    __tablename__ = "visit_forms"

    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    form: Mapped[str] = mapped_column(String(60))


def of_kind(session: Session, kind: str) -> tuple[str, ...]:
    """The names of the forms the clinic has given a kind of visit, in order; none until it has."""
    query = select(VisitForm.form).where(VisitForm.kind == kind).order_by(VisitForm.place)
    return tuple(session.scalars(query))
