"""The worklist: warning signs that were raised, who took them on, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    ForeignKey,
    Index,
    LargeBinary,
    and_,
    exists,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, joinedload, mapped_column, relationship

from intake.forms import disclosure
from intake.store.base import Base, Identified, Versioned, Within, everybody
from intake.store.patient_keys import SENSITIVE, DestroyedError
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.responses import Response, form_of
from intake.store.sealing import Inside, Sealing, keyed_mark, sealed, trouble

SEVERITIES = ("EMERGENCY", "SAME_DAY", "DISCUSS")


UNTAKEN = text("closed_at IS NULL AND acknowledged_at IS NULL")


class Flag(Sealing, Base, Identified, Versioned):
    """One rule that fired for one intake. It stays for staff whatever the patient answers later.

    `mark` stands for the rule, so that the database can refuse to open it twice without knowing which it is. When
    somebody else is told is worked out (intake/clinical/alerts.py), never a column: it would tell how grave it is.
    """

    __tablename__ = "flags"
    __table_args__ = (
        Index(
            "uq_flags_untaken",
            "response_id",
            "mark",
            unique=True,
            sqlite_where=UNTAKEN,
            postgresql_where=UNTAKEN,
        ),
    )
    __mapper_args__ = {"version_id_col": Versioned.version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"))
    mark: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_sign: Mapped[bytes] = sealed(SENSITIVE, "sign")
    opened_at: Mapped[datetime]
    raised_at: Mapped[datetime] = mapped_column(default=lambda row: row.get_current_parameters()["opened_at"])
    patient_replied_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    alerts: Mapped[int] = mapped_column(default=0)
    alerted_at: Mapped[datetime | None]
    alerted_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))

    rule = Inside[str]("sealed_sign", str)
    severity = Inside[str]("sealed_sign", str)
    because = Inside[list[str]]("sealed_sign", list)
    still_true = Inside[bool]("sealed_sign", lambda: True)
    patient_reply = Inside[str | None]("sealed_sign", lambda: None)
    outcome = Inside[str | None]("sealed_sign", lambda: None)

    patient: Mapped[Patient] = relationship()
    response: Mapped[Response] = relationship(lazy="joined")
    acknowledged_by: Mapped[User | None] = relationship(foreign_keys=acknowledged_by_id)
    closed_by: Mapped[User | None] = relationship(foreign_keys=closed_by_id)
    owner: Mapped[User | None] = relationship(foreign_keys=owner_id)
    seen_by: Mapped[User | None] = relationship(foreign_keys=seen_by_id)
    alerted: Mapped[User | None] = relationship(foreign_keys=alerted_id)

    @property
    def is_taken(self) -> bool:
        """Whether somebody deals with it, or has done so: whoever does knows of these reasons and of no others."""
        return self.closed_at is not None or self.acknowledged_at is not None

    @property
    def because_tier(self) -> str:
        """The highest tier of the reasons: a sign tells what the answers behind it say.

        Worked out, never a column: in the clear it would tell a thief of the database whose sign is about what.
        """
        form = form_of(self.response)
        return str(disclosure.tier_of_reasons(form, self.because))

    def before_sealing(self, session: Session) -> None:
        """Put the mark of the rule beside it."""
        self.mark = keyed_mark(session, self.patient_id, SENSITIVE, f"{self.response_id} {self.rule}")


def get(session: Session, flag_id: uuid.UUID, within: Within = everybody) -> Flag | None:
    """The entry of that id."""
    return session.scalar(select(Flag).where(Flag.id == flag_id, within(Flag)))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one rule of a form is dealt with, over all of its entries."""

    still_true: bool
    waiting: Flag | None  # the entry that nobody has taken on: reasons are put into it
    taken: Flag | None  # the one that was taken on last, or closed
    reasons: Sequence[frozenset[str]]  # of each entry
    has_reply: bool

    @property
    def because(self) -> list[str]:
        """The reasons of the entry that counts."""
        entry = self.waiting or self.taken
        return entry.because if entry else []

    def knows(self, because: Iterable[str]) -> bool:
        """Whether one entry has all of these reasons."""
        return any(each.issuperset(because) for each in self.reasons)


def holding(session: Session, response_id: uuid.UUID) -> dict[str, Standing]:
    """{rule: how far it is dealt with} of an intake."""
    rows = session.scalars(select(Flag).where(_raised_by(session, response_id)).order_by(Flag.opened_at))
    found: dict[str, list[Flag]] = {}
    for flag in rows:
        found.setdefault(flag.rule, []).append(flag)
    return {rule: _standing(entries) for rule, entries in found.items()}


def repeated(session: Session) -> frozenset[uuid.UUID]:
    """The open entries of a sign that had an entry before, for the same form."""
    earlier = aliased(Flag)
    same = earlier.response_id == Flag.response_id, earlier.mark == Flag.mark, earlier.opened_at < Flag.opened_at
    query = select(Flag.id).where(Flag.closed_at.is_(None), exists().where(*same))
    return frozenset(session.scalars(query))


def earlier(session: Session, flag: Flag) -> list[Flag]:
    """The entries that the same sign of the same form had before, the oldest first."""
    same = Flag.response_id == flag.response_id, Flag.mark == flag.mark, Flag.opened_at < flag.opened_at
    return list(session.scalars(select(Flag).where(*same).order_by(Flag.opened_at)))


def _standing(entries: Sequence[Flag]) -> Standing:
    """Of entries of one rule, the oldest first: one that was given on waits again, beside newer ones that do not."""
    waiting = next((each for each in entries if not each.is_taken), None)
    taken = max((each for each in entries if each.is_taken), key=_taken_at, default=None)
    newest = waiting or entries[-1]
    reasons = [frozenset(each.because) for each in entries]
    return Standing(newest.still_true, waiting, taken, reasons, newest.patient_reply is not None)


def _taken_at(flag: Flag) -> datetime:
    return flag.acknowledged_at or flag.closed_at or flag.opened_at


def is_untaken(session: Session, flag: Flag) -> bool:
    """Whether the same sign of the same intake has an entry that nobody has taken on."""
    same = Flag.response_id == flag.response_id, Flag.mark == flag.mark, Flag.id != flag.id
    return session.scalar(select(Flag.id).where(*same, UNTAKEN)) is not None


def of_response(session: Session, response_id: uuid.UUID) -> list[Flag]:
    """The flags of one intake, gravest first; of a transcript that was put right those of all its versions."""
    return _gravest_first(session.scalars(select(Flag).where(_raised_by(session, response_id))))


def _raised_by(session: Session, response_id: uuid.UUID) -> ColumnElement[bool]:
    found = session.get(Response, response_id)
    return Flag.response_id.in_(found.versions if found is not None else (response_id,))


def of_patient(session: Session, patient_id: uuid.UUID) -> list[Flag]:
    """The flags of a patient, gravest first."""
    return _gravest_first(session.scalars(select(Flag).where(Flag.patient_id == patient_id)))


def open_flags(session: Session, within: Within = everybody) -> list[Flag]:
    """Everything that still waits for an outcome, gravest first, with patients and who took it on."""
    query = select(Flag).where(Flag.closed_at.is_(None), within(Flag))
    people = (joinedload(one) for one in (Flag.acknowledged_by, Flag.owner, Flag.seen_by, Flag.alerted))
    whole = (joinedload(Flag.patient).selectinload(Patient.visits), *people)
    return _gravest_first(session.scalars(query.options(*whole)))


def untaken(session: Session) -> list[Flag]:
    """Everything that nobody has taken on yet, the one that waits longest first."""
    query = select(Flag).where(Flag.closed_at.is_(None), Flag.acknowledged_at.is_(None))
    return list(session.scalars(query.options(joinedload(Flag.owner)).order_by(Flag.opened_at)))


def opened_between(session: Session, start: datetime, end: datetime) -> list[Flag]:
    """Everything that was opened in [start, end)."""
    return list(session.scalars(select(Flag).where(Flag.opened_at >= start, Flag.opened_at < end)))


def waiting_for(session: Session, user_id: uuid.UUID, within: Within = everybody) -> list[Flag]:
    """What is somebody's to close, and what they were told of last while nobody has taken it on."""
    told = and_(Flag.alerted_id == user_id, Flag.acknowledged_at.is_(None))
    query = select(Flag).where(Flag.closed_at.is_(None), or_(Flag.owner_id == user_id, told), within(Flag))
    return list(session.scalars(query))


def note_seen(session: Session, flag_id: uuid.UUID, user_id: uuid.UUID, now: datetime) -> None:
    """Keep who opened it first. The version stays: whoever has the page open can still write what came of it."""
    first = update(Flag).where(Flag.id == flag_id, Flag.seen_at.is_(None))
    session.execute(first.values(seen_at=now, seen_by_id=user_id), execution_options={"synchronize_session": False})


def note_told(session: Session, flag: Flag, user_id: uuid.UUID) -> None:
    """Keep whom the first mail went to, where that is not the owner. The version stays here too."""
    change = update(Flag).where(Flag.id == flag.id).values(alerted_id=user_id)
    session.execute(change, execution_options={"synchronize_session": False})


def note_alert(session: Session, flag: Flag, user_id: uuid.UUID, now: datetime) -> bool:
    """Count that one more person was told; False when it was taken on, or another worker told somebody meanwhile."""
    still = Flag.id == flag.id, Flag.acknowledged_at.is_(None), Flag.closed_at.is_(None), Flag.alerts == flag.alerts
    change = update(Flag).where(*still).values(alerts=Flag.alerts + 1, alerted_at=now, alerted_id=user_id)
    done = session.execute(change, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount == 1


def _gravest_first(flags: Iterable[Flag]) -> list[Flag]:
    return sorted(flags, key=_gravity)


def _gravity(flag: Flag) -> tuple[int, datetime, str]:
    """One that cannot be read may be the gravest, so it comes first; one that was erased comes last."""
    problem = trouble(flag)
    if problem is not None:
        return (len(SEVERITIES) if isinstance(problem, DestroyedError) else -1), flag.opened_at, ""
    return SEVERITIES.index(flag.severity), flag.opened_at, flag.rule
