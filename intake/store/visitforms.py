"""Which forms a patient is asked to fill in before a visit of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.forms import ours, shelf
from intake.store import clinicforms
from intake.store.base import Base


class VisitForm(Base):
    """One form of a kind of visit, at its place in the order."""

    __tablename__ = "visit_forms"

    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    form: Mapped[str] = mapped_column(String(60))


def assigned(session: Session, kind: str) -> tuple[str, ...]:
    """The names of the forms the clinic chose for a kind of visit, in order; none where it chose nothing."""
    return tuple(session.scalars(select(VisitForm.form).where(VisitForm.kind == kind).order_by(VisitForm.place)))


def of_kind(session: Session, kind: str) -> tuple[str, ...]:
    """The names of the forms the clinic has a kind of visit ask for, in order: of those assigned, what can be asked."""
    return tuple(name for name in assigned(session, kind) if may_be_asked(session, name))


def may_be_asked(session: Session, name: str) -> bool:
    """Whether a form can be asked before a visit. What is answered alone in the room never can, whatever a row says."""
    if not shelf.is_of_clinic(name):
        return name in ours.lenders()
    row = clinicforms.in_use(session, name)
    return row is not None and ours.for_patients(clinicforms.read(row))


def is_permitted(session: Session, name: str, today: date) -> bool:
    """Whether the clinic may use the words of a form on that day: its own, or others' with a permission that holds."""
    until = permitted_until(session, name)
    return until is None or today <= until


def permitted_until(session: Session, name: str) -> date | None:
    """The last day on which the clinic may use the words of a form; None where there is no last day."""
    row = clinicforms.in_use(session, name) if shelf.is_of_clinic(name) else None
    return clinicforms.read(row).until if row is not None else None


def assign(session: Session, kind: str, names: Sequence[str]) -> None:
    """Ask for these forms, in this order, and for no other."""
    session.execute(delete(VisitForm).where(VisitForm.kind == kind))
    rows = [{"kind": kind, "place": place, "form": name} for place, name in enumerate(names, 1)]
    if rows:
        session.execute(insert(VisitForm), rows)


def kinds_of(session: Session, name: str) -> tuple[str, ...]:
    """The kinds of visit that ask for a form."""
    return tuple(session.scalars(select(VisitForm.kind).where(VisitForm.form == name).order_by(VisitForm.kind)))
