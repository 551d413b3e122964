"""A published form plus someone's answers: intakes and notes alike, one row a section.

The answers of a section are sealed by compartment: what the desk and the care team may see under the care key, the rest
under its own. A section has a value in each compartment that the form asks for, empty ones too, so that presence says
nothing. The save path uses Core, not mapped objects: it runs on every answer a patient gives.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import (
    CursorResult,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, deferred, joinedload, mapped_column, relationship

from intake.forms import reader
from intake.forms.model import Form, Question, Tier
from intake.forms.transcript import as_on_paper
from intake.forms.transcript import said as on_paper
from intake.store.base import Base, Identified, Within, everybody
from intake.store.binding import Bound
from intake.store.patient_keys import CARE, COMPARTMENTS, SAFETY, SENSITIVE
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.sealing import Inside, Sealing, Spot, UnreadableError, packed, seal_value, sealed, unsealer
from intake.store.visits import Visit

IN_PROGRESS, COMPLETED, WITHDRAWN = "in-progress", "completed", "stopped"
# Where the answers come from: typed by herself; or by staff, from what she wrote, what somebody wrote for her, and what
# staff read aloud and wrote down.
SELF, PAPER, HELPED, READ_ALOUD = "self", "paper", "helped", "read-aloud"
FROM_PAPER: Final = frozenset({PAPER, HELPED, READ_ALOUD})
EVEN: Final = 4000  # bytes: what was said about safety takes as much room whether it is much or nothing
MOST_FORMS: Final = 9  # of a visit
HIGHEST: Final = 99  # a page names its form by two digits; the number of one that was taken back is not used again
HELD: Final = ("status", "source", "entered_by_id", "filled_on", "bound")  # what can change once a form is there


class Response(Bound, Sealing, Base, Identified):
    """Answers to one version of one form. `status` follows FHIR QuestionnaireResponse.

    `number` says which of the forms a patient is asked to fill in for a visit this is, from 1; 0: staff writes it, or
    it is asked another way. `only` names the one section that is asked again, `follows_id` the answers it builds on.
    One that staff asks for and takes back while it is untouched is "stopped": nobody finds it any more.
    `dropped` names the questions whose answers were taken out because they were not shown any more.
    `source` is "self" or where else the answers come from: then `entered_by` types in, or typed in, a paper form that
    was filled in on `filled_on` (FHIR: staff is the author, the patient the source).
    """

    __tablename__ = "responses"
    __table_args__ = (
        Index(
            "uq_responses_number",
            "visit_id",
            "number",
            unique=True,
            sqlite_where=text("number > 0"),
            postgresql_where=text("number > 0"),
        ),
    )

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    form: Mapped[str] = mapped_column(String(60))
    form_version: Mapped[int]
    number: Mapped[int] = mapped_column(default=0)
    only: Mapped[str | None] = mapped_column(String(60))
    follows_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("responses.id"))
    language: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=IN_PROGRESS)
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(20), default=SELF)
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    filled_on: Mapped[date | None]
    sealed_dropped: Mapped[bytes] = sealed(SENSITIVE, "dropped")

    dropped = Inside[list[str]]("sealed_dropped", list)

    patient: Mapped[Patient] = relationship()
    visit: Mapped[Visit] = relationship()
    entered_by: Mapped[User | None] = relationship()
    sections: Mapped[list[ResponseSection]] = relationship(viewonly=True)

    @property
    def touched(self) -> bool:
        """Whether anything was answered yet: every section starts at version 1."""
        return any(section.version > 1 for section in self.sections)

    @property
    def is_from_paper(self) -> bool:
        """Whether staff types in, or typed in, what is on paper."""
        return self.source in FROM_PAPER

    @property
    def is_waiting(self) -> bool:
        """Whether the patient still has to fill it in herself."""
        return self.status != COMPLETED and not self.is_from_paper


# What holds of a form that a patient is asked to fill in.
ASKED = (Response.number > 0, Response.status != WITHDRAWN)
# What begins with the warning signs comes first, and what is kept for days last, whenever they were asked for.
_BEFORE = and_(Response.form.in_(("intake", "follow-up")), Response.only.is_(None))
IN_TURN = (case((_BEFORE, 0), (Response.form == "bladder-diary", 2), else_=1), Response.number)


class ResponseSection(Base, Identified):
    """The answers of one section, {question id: answer} in each compartment. `version` grows by one with every save."""

    __tablename__ = "response_sections"
    __table_args__ = (UniqueConstraint("response_id", "section"),)

    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"))
    section: Mapped[str] = mapped_column(String(60))
    care: Mapped[bytes | None] = deferred(sealed(CARE, "care", always=False))
    sensitive: Mapped[bytes | None] = deferred(sealed(SENSITIVE, "sensitive", always=False))
    safety: Mapped[bytes | None] = deferred(sealed(SAFETY, "safety", always=False))
    version: Mapped[int]
    saved_at: Mapped[datetime]


def intake(session: Session, response_id: uuid.UUID, within: Within = everybody) -> Response | None:
    """What a patient answered, by its id. A note's answers are read through the note, so they are not found here."""
    query = select(Response).where(Response.id == response_id, *ASKED, within(Response))
    return session.scalar(query.options(joinedload(Response.patient)))


def transcript(session: Session, response_id: uuid.UUID, within: Within = everybody) -> Response | None:
    """A form that is, or was, typed in from paper, by its id."""
    found = intake(session, response_id, within)
    return found if found is not None and found.is_from_paper else None


def form_of(response: Response) -> Form:
    """The form in the words and with the conditions it was answered under, on a screen or on paper."""
    form = reader.load(response.form, response.form_version)
    return as_on_paper(form) if response.is_from_paper else form


def said(session: Session, response: Response) -> dict[str, Any]:
    """The answers that count: on paper nothing is set before somebody writes."""
    found = answers(session, response.id)
    return on_paper(found) if response.is_from_paper else found


def diary(session: Session, response_id: uuid.UUID, within: Within = everybody) -> Response | None:
    """A bladder diary, by its id."""
    found = intake(session, response_id, within)
    return found if found is not None and found.form == "bladder-diary" else None


def intake_of(session: Session, visit_id: uuid.UUID) -> Response | None:
    """The first whole intake of a visit, with its patient and visit; None where only shorter forms are asked."""
    return session.scalar(
        select(Response)
        .where(Response.visit_id == visit_id, Response.form == "intake", *ASKED, Response.only.is_(None))
        .order_by(Response.number)
        .options(joinedload(Response.patient), joinedload(Response.visit))
    )


def asked(session: Session, visit_id: uuid.UUID) -> list[Response]:
    """Every form the patient is asked to fill in for a visit, in order, with its patient and visit."""
    query = select(Response).where(Response.visit_id == visit_id, *ASKED).order_by(*IN_TURN)
    return list(session.scalars(query.options(joinedload(Response.patient), joinedload(Response.visit))))


def all_in(session: Session, visit_id: uuid.UUID) -> bool:
    """Whether everything asked for a visit is in; False while nothing was begun."""
    found = asked(session, visit_id)
    return bool(found) and all(each.status == COMPLETED for each in found)


def is_withdrawn(session: Session, visit_id: uuid.UUID, number: int) -> bool:
    """Whether the form of that number of a visit was taken back."""
    mine = Response.visit_id == visit_id, Response.number == number, Response.status == WITHDRAWN
    return session.scalar(select(Response.id).where(*mine)) is not None


def intakes(session: Session, patient_id: uuid.UUID) -> list[Response]:
    """Everything a patient was asked to fill in, newest first."""
    query = select(Response).where(Response.patient_id == patient_id, *ASKED)
    return list(session.scalars(query.order_by(Response.started_at.desc(), Response.number)))


def following(session: Session, response_id: uuid.UUID) -> list[Response]:
    """What was asked again after some answers, oldest first."""
    query = select(Response).where(Response.follows_id == response_id, *ASKED)
    return list(session.scalars(query.order_by(Response.started_at, Response.number)))


def next_number(session: Session, visit_id: uuid.UUID) -> int:
    """The number of the next form of a visit, which is held until the transaction ends, so that it stays free."""
    session.execute(select(Visit.id).where(Visit.id == visit_id).with_for_update())
    taken = session.scalar(select(func.max(Response.number)).where(Response.visit_id == visit_id))
    return (taken or 0) + 1


def has_room(session: Session, visit_id: uuid.UUID) -> bool:
    """Whether a visit can ask for one form more, and for those of its kind besides."""
    return len(asked(session, visit_id)) < MOST_FORMS and next_number(session, visit_id) <= HIGHEST - MOST_FORMS


def sections(
    session: Session, response_id: uuid.UUID, compartments: Sequence[str] = COMPARTMENTS
) -> dict[str, tuple[dict[str, Any], int, datetime]]:
    """{section: (answers, version, saved at)} of every section; of some compartments only, to read.

    UnreadableError when a section or a value is missing: each is there from the start, so somebody took it out.
    """
    rows = session.execute(_stored(tuple(compartments)), {"response": response_id}).all()
    if not rows:
        return {}
    patient_id, form, form_version, *_first = rows[0]
    kinds = _compartments(reader.load(form, form_version))
    if {row.section for row in rows} != kinds.keys():
        raise UnreadableError(patient_id)
    unseal, found = unsealer(session, patient_id), {}
    for _patient_id, _form, _form_version, section, version, saved_at, *parts in rows:
        answers: dict[str, Any] = {}
        for compartment, value in zip(compartments, parts, strict=True):
            if (value is not None) != (compartment in kinds[section].values()):
                raise UnreadableError(patient_id)
            if value is not None:
                answers |= json.loads(unseal(_spot(response_id, patient_id, section, compartment, version), value))
        found[section] = answers, version, saved_at
    return found


@cache
def _stored(compartments: tuple[str, ...]) -> Select[Any]:
    """The query for the sections of a response; to put it together takes as long as to run it."""
    table = ResponseSection
    values = [getattr(table, compartment) for compartment in compartments]
    about = (Response.patient_id, Response.form, Response.form_version)
    query = select(*about, table.section, table.version, table.saved_at, *values)
    joined = query.join(table, table.response_id == Response.id, isouter=True)
    return joined.where(Response.id == bindparam("response"))


def answers(session: Session, response_id: uuid.UUID, compartments: Sequence[str] = COMPARTMENTS) -> dict[str, Any]:
    """{question id: answer} over all sections; of some compartments only, when not all are to be opened."""
    merged: dict[str, Any] = {}
    for section, _version, _saved_at in sections(session, response_id, compartments).values():
        merged.update(section)
    return merged


def _spot(response_id: uuid.UUID, patient_id: uuid.UUID, section: str, compartment: str, version: int) -> Spot:
    """A section is bound to its response and its name, which is what makes the row the one it is."""
    table = ResponseSection.__tablename__
    return Spot(table, f"{section}/{compartment}", response_id, patient_id, compartment, version)


def _sealed(
    session: Session, response: Response, section: str, given: Mapping[str, Any], version: int
) -> dict[str, bytes | None]:
    """{compartment: sealed answers} for a row; None where the form asks for nothing of that kind."""
    place = _compartments(reader.load(response.form, response.form_version))
    parts: dict[str, dict[str, Any]] = {compartment: {} for compartment in set(place[section].values())}
    for question, answer in given.items():
        parts[place[section][question]][question] = answer
    spots = {name: _spot(response.id, response.patient_id, section, name, version) for name in parts}
    values = {name: seal_value(session, spots[name], _evened(name, packed(part))) for name, part in parts.items()}
    return {compartment: values.get(compartment) for compartment in COMPARTMENTS}


def _evened(compartment: str, value: bytes) -> bytes:
    """The value with blanks after it, where its length would tell."""
    return value.ljust(EVEN) if compartment == SAFETY else value


@cache
def _compartments(form: Form) -> dict[str, dict[str, str]]:
    """{section: {question: compartment}}. An answer is kept where the highest of its parts belongs."""
    return {
        section.id: {question.id: _compartment(question) for question in section.questions()}
        for section in form.sections
    }


def _compartment(question: Question) -> str:
    highest = max(
        (part.tier for part in (question, *question.questions, *question.columns)), key=lambda tier: tier.rank
    )
    return CARE if highest is Tier.DESK else str(highest)


def lock(session: Session, response: Response) -> None:
    """Read the response again and hold it until the transaction ends, so that acts on one form come one after another.

    PostgreSQL locks the row; SQLite's one writer holds everything already.
    """
    session.refresh(response, attribute_names=HELD, with_for_update=True)


def start(session: Session, response: Response, names: Iterable[str], given: Mapping[str, Any], now: datetime) -> None:
    """Keep a new response with a row for every section, so that the presence of one says nothing.

    `given` is {section: answers} of what is known from the start.
    """
    session.add(response)
    session.flush()
    rows = [
        {"id": uuid.uuid4(), "response_id": response.id, "section": name, "version": 1, "saved_at": now}
        | _sealed(session, response, name, given.get(name, {}), 1)
        for name in names
    ]
    session.execute(insert(ResponseSection), rows)


def save_section(
    session: Session, response_id: uuid.UUID, section: str, given: Mapping[str, Any], *, over: int, now: datetime
) -> bool:
    """Keep a section's answers over version `over`. False when somebody saved in between."""
    response = session.get_one(Response, response_id)
    result = session.execute(
        update(ResponseSection)
        .where(
            ResponseSection.response_id == response_id,
            ResponseSection.section == section,
            ResponseSection.version == over,
        )
        .values(**_sealed(session, response, section, given, over + 1), version=over + 1, saved_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(cast("CursorResult[Any]", result).rowcount)


def drop_hidden(
    session: Session,
    response_id: uuid.UUID,
    stored: Mapping[str, tuple[dict[str, Any], int, datetime]],
    counted: Mapping[str, Any],
    now: datetime,
) -> list[str]:
    """Take out what is not shown any more, inside groups too; the ids that lost something, for the record.

    `counted` are the answers as they are shown.
    """
    dropped: list[str] = []
    for section, (mine, version, _saved_at) in stored.items():
        kept = {question: counted[question] for question in mine if question in counted}
        if kept != mine:
            save_section(session, response_id, section, kept, over=version, now=now)
            dropped += sorted(question for question, answer in mine.items() if kept.get(question) != answer)
    return dropped
