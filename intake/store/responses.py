"""A published form plus someone's answers: intakes and notes alike, one row a section.

The answers of a section are sealed by compartment (compartments.py). The save path uses Core, not mapped objects: it
runs on every answer a patient gives.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, deferred, joinedload, mapped_column, relationship

from intake.forms import reader
from intake.forms.model import Form
from intake.forms.transcript import as_on_paper
from intake.forms.transcript import said as on_paper
from intake.store.base import Base, Identified, Within, everybody
from intake.store.binding import Bound
from intake.store.compartments import TABLE, places, spot
from intake.store.compartments import sealed as sealed_section
from intake.store.lines import AuditEvent
from intake.store.patient_keys import CARE, COMPARTMENTS, SAFETY, SENSITIVE
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.sealing import Inside, Sealing, Spot, UnreadableError, sealed, unsealer
from intake.store.visits import Visit

IN_PROGRESS, COMPLETED, WITHDRAWN = "in-progress", "completed", "stopped"
# A transcript that was handed in: a corrected one counts in its place; it is not this patient's, or not of this visit.
AMENDED, IN_ERROR = "amended", "entered-in-error"
OUT: Final = (WITHDRAWN, AMENDED, IN_ERROR)  # what nothing counts of any more
UNREAD: Final = (WITHDRAWN, IN_ERROR)  # what no page shows
# Where the answers come from: typed by herself; or by staff, from what she wrote, what somebody wrote for her, and what
# staff read aloud and wrote down.
SELF, PAPER, HELPED, READ_ALOUD = "self", "paper", "helped", "read-aloud"
FROM_PAPER: Final = frozenset({PAPER, HELPED, READ_ALOUD})
MOST_FORMS: Final = 9  # of a visit
HIGHEST: Final = 99  # a page names its form by two digits; the number of one that was taken back is not used again
Unseal = Callable[[Spot, bytes], bytes]
HANDED_BACK: Final = "transcript.handed-back"  # the act that makes a form hers again
HELD: Final = ("status", "source", "entered_by_id", "filled_on", "bound")  # what can change once a form is there


class Response(Bound, Sealing, Base, Identified):
    """Answers to one version of one form. `status` follows FHIR QuestionnaireResponse.

    `number` says which of the forms a patient is asked to fill in for a visit this is, from 1; 0: staff writes it, or
    it is asked another way. `only` names the one section that is asked again, `follows_id` the answers it builds on.
    One that staff asks for and takes back while it is untouched is "stopped": nobody finds it any more.
    `dropped` names the questions whose answers were taken out because they were not shown any more.
    `corrects_id` is the transcript that this one puts right, or moves to its visit: it stands where that one stood, and
    has no number until it does. `reach` and `called` are what the desk was told from a paper (store/desk.py).
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
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("responses.id"), index=True)
    language: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=IN_PROGRESS)
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(20), default=SELF)
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    filled_on: Mapped[date | None]
    sealed_dropped: Mapped[bytes] = sealed(SENSITIVE, "dropped")

    dropped = Inside[list[str]]("sealed_dropped", list)
    reach = Inside[list[dict[str, Any]]]("sealed_dropped", list)
    called = Inside[str]("sealed_dropped", str)

    patient: Mapped[Patient] = relationship()
    visit: Mapped[Visit] = relationship()
    entered_by: Mapped[User | None] = relationship()
    corrects: Mapped[Response | None] = relationship(foreign_keys="Response.corrects_id", remote_side="Response.id")
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
    def is_being_typed_in(self) -> bool:
        """Whether it comes from paper, and is not ended."""
        return self.is_from_paper and self.status == IN_PROGRESS

    @property
    def versions(self) -> tuple[uuid.UUID, ...]:
        """Its id, and those of the transcripts that it puts right, the newest first."""
        return (self.id, *(self.corrects.versions if self.corrects else ()))

    @property
    def is_waiting(self) -> bool:
        """Whether the patient still has to fill it in herself."""
        return self.status != COMPLETED and not self.is_from_paper


# What holds of a form that a patient is asked to fill in.
ASKED = (Response.number > 0, Response.status.not_in(OUT))
# What begins with the warning signs comes first, and what is kept for days last, whenever they were asked for.
_BEFORE = and_(Response.form.in_(("intake", "follow-up")), Response.only.is_(None))
_SHORT = and_(Response.form == "check-in", Response.only.is_(None))
IN_TURN = (case((_BEFORE, 0), (_SHORT, 1), (Response.form == "bladder-diary", 3), else_=2), Response.number)


class ResponseSection(Base, Identified):
    """The answers of one section, {question id: answer} in each compartment. `version` grows by one with every save."""

    __tablename__ = TABLE
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
    readable = Response.number > 0, Response.status.not_in(UNREAD)
    query = select(Response).where(Response.id == response_id, *readable, within(Response))
    return session.scalar(query.options(joinedload(Response.patient)))


def transcript(session: Session, response_id: uuid.UUID, within: Within = everybody) -> Response | None:
    """A form that is, or was, typed in from paper, or is being corrected, by its id."""
    found = any_transcript(session, response_id, within)
    return found if found is not None and found.is_from_paper and found.status not in UNREAD else None


def any_transcript(session: Session, response_id: uuid.UUID, within: Within = everybody) -> Response | None:
    """The same, of those too that are none any more: somebody can have one open as it is taken out, or given back."""
    about = AuditEvent.patient_id == Response.patient_id, AuditEvent.subject_id == Response.id
    was_one = or_(Response.source.in_(FROM_PAPER), exists().where(*about, AuditEvent.action == HANDED_BACK))
    query = select(Response).where(Response.id == response_id, was_one, within(Response))
    return session.scalar(query.options(joinedload(Response.patient)))


def correction(session: Session, response_id: uuid.UUID) -> Response | None:
    """What puts a transcript right: the version that counts in its place, or the one that is being typed in."""
    query = select(Response).where(Response.corrects_id == response_id, Response.status.not_in(UNREAD))
    return session.scalar(query)


def form_of(response: Response) -> Form:
    """The form in the words and with the conditions it was answered under, on a screen or on paper."""
    form = reader.load(response.form, response.form_version)
    return as_on_paper(form) if response.is_from_paper else form


def said(session: Session, response: Response) -> dict[str, Any]:
    """The answers that count: on paper nothing is set before somebody writes."""
    return _counted(response, answers(session, response.id))


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


def out(session: Session, visit_id: uuid.UUID, number: int) -> Response | None:
    """The form of that number of a visit where it is not asked any more: taken back, taken out, or put right."""
    mine = Response.visit_id == visit_id, Response.number == number, Response.number > 0
    return session.scalar(select(Response).where(*mine, Response.status.in_(OUT)))


def intakes(session: Session, patient_id: uuid.UUID) -> list[Response]:
    """Everything a patient was asked to fill in, newest first."""
    query = select(Response).where(Response.patient_id == patient_id, *ASKED)
    return list(session.scalars(query.order_by(Response.started_at.desc(), Response.number)))


def by_id(session: Session, ids: Iterable[uuid.UUID]) -> list[Response]:
    """The responses of some ids: of notes and plans, which are found through those."""
    return list(session.scalars(select(Response).where(Response.id.in_(list(ids)))))


def following(session: Session, response_id: uuid.UUID) -> list[Response]:
    """What was asked again after some answers, or after those they put right, oldest first."""
    found = session.get(Response, response_id)
    query = select(Response).where(Response.follows_id.in_(found.versions if found else ()), *ASKED)
    return list(session.scalars(query.order_by(Response.started_at, Response.number)))


def next_number(session: Session, visit_id: uuid.UUID) -> int:
    """The number of the next form of a visit, which is held until the transaction ends, so that it stays free."""
    session.execute(select(Visit.id).where(Visit.id == visit_id).with_for_update())
    taken = session.scalar(select(func.max(Response.number)).where(Response.visit_id == visit_id))
    return (taken or 0) + 1


def has_room(session: Session, visit_id: uuid.UUID) -> bool:
    """Whether a visit can ask for one form more, and for those of its kind besides."""
    return len(asked(session, visit_id)) < MOST_FORMS and has_numbers(session, visit_id)


def has_numbers(session: Session, visit_id: uuid.UUID) -> bool:
    """Whether a visit has numbers left for a form in the place of another, and for those of its kind besides."""
    return next_number(session, visit_id) <= HIGHEST - MOST_FORMS


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
    kinds = places(reader.load(form, form_version))
    if {row.section for row in rows} != kinds.keys():
        raise UnreadableError(patient_id)
    unseal, found = unsealer(session, patient_id), {}
    for _patient_id, _form, _form_version, section, version, saved_at, *parts in rows:
        answers: dict[str, Any] = {}
        for compartment, value in zip(compartments, parts, strict=True):
            if (value is not None) != (compartment in kinds[section].values()):
                raise UnreadableError(patient_id)
            if value is not None:
                answers |= json.loads(unseal(spot(response_id, patient_id, section, compartment, version), value))
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


def said_of(
    session: Session, found: Sequence[Response], compartments: Sequence[str] = COMPARTMENTS
) -> dict[uuid.UUID, dict[str, Any]]:
    """{form: the answers that count} of several forms of one patient, read and opened together."""
    rows: dict[uuid.UUID, dict[str, Any]] = {each.id: {} for each in found}
    table, values = ResponseSection, [getattr(ResponseSection, compartment) for compartment in compartments]
    query = select(table.response_id, table.section, table.version, *values)
    for response_id, section, *stored in session.execute(query.where(table.response_id.in_(rows))) if rows else ():
        rows[response_id][section] = stored
    unseal = unsealer(session, found[0].patient_id) if found else None
    return {each.id: _counted(each, _merged(each, rows[each.id], compartments, unseal)) for each in found}


def _merged(
    response: Response, rows: Mapping[str, Sequence[Any]], compartments: Sequence[str], unseal: Unseal | None
) -> dict[str, Any]:
    """The answers of all sections; UnreadableError where one, or a value of one, is missing."""
    kinds, merged = places(reader.load(response.form, response.form_version)), dict[str, Any]()
    if rows.keys() != kinds.keys():
        raise UnreadableError(response.patient_id)
    for section, (version, *parts) in rows.items():
        for compartment, value in zip(compartments, parts, strict=True):
            if (value is not None) != (compartment in kinds[section].values()):
                raise UnreadableError(response.patient_id)
            if value is not None and unseal is not None:
                place = spot(response.id, response.patient_id, section, compartment, version)
                merged |= json.loads(unseal(place, value))
    return merged


def _counted(response: Response, found: dict[str, Any]) -> dict[str, Any]:
    return on_paper(form_of(response), found) if response.is_from_paper else found


def _sealed(
    session: Session, response: Response, section: str, given: Mapping[str, Any], version: int
) -> dict[str, bytes | None]:
    form, about = reader.load(response.form, response.form_version), (response.id, response.patient_id)
    return sealed_section(session, form, about, section, given, version)


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


def start_over(session: Session, response: Response, given: Mapping[str, Any], now: datetime) -> None:
    """Keep {section: answers} as what a form begins with that nobody has touched: it still is untouched then."""
    table = ResponseSection
    for name, answers_of_it in given.items():
        mine = table.response_id == response.id, table.section == name, table.version == 1
        sealed_now = _sealed(session, response, name, answers_of_it, 1)
        session.execute(update(table).where(*mine).values(**sealed_now, saved_at=now))


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
