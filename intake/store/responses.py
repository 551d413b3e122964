"""A published form plus someone's answers: intakes and notes alike, one row a section.

The save path uses Core, not mapped objects: it runs on every answer a patient gives.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, ForeignKey, Index, String, UniqueConstraint, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from intake.store.base import Base, Identified, Within, everybody
from intake.store.patients import Patient
from intake.store.visits import Visit

IN_PROGRESS, COMPLETED = "in-progress", "completed"


class Response(Base, Identified):
    """Answers to one version of one form. `status` follows FHIR QuestionnaireResponse."""

    __tablename__ = "responses"
    __table_args__ = (
        Index(
            "uq_responses_one_intake",
            "visit_id",
            unique=True,
            sqlite_where=text("form = 'intake'"),
            postgresql_where=text("form = 'intake'"),
        ),
    )

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    form: Mapped[str] = mapped_column(String(60))
    form_version: Mapped[int]
    language: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=IN_PROGRESS)
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    dropped: Mapped[list[str]] = mapped_column(default=list)

    patient: Mapped[Patient] = relationship()
    visit: Mapped[Visit] = relationship()
    sections: Mapped[list[ResponseSection]] = relationship(viewonly=True)

    @property
    def touched(self) -> bool:
        """Whether anything was answered yet: every section starts at version 1."""
        return any(section.version > 1 for section in self.sections)


class ResponseSection(Base, Identified):
    """The answers of one section, {question id: answer}. `version` grows by one with every save."""

    __tablename__ = "response_sections"
    __table_args__ = (UniqueConstraint("response_id", "section"),)

    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"))
    section: Mapped[str] = mapped_column(String(60))
    answers: Mapped[dict[str, Any]]
    version: Mapped[int]
    saved_at: Mapped[datetime]


def intake(session: Session, response_id: uuid.UUID, within: Within = everybody) -> Response | None:
    """The intake of that id. A note's answers are read through the note, so they are not found here."""
    query = select(Response).where(Response.id == response_id, Response.form == "intake", within(Response))
    return session.scalar(query.options(joinedload(Response.patient)))


def intake_of(session: Session, visit_id: uuid.UUID) -> Response | None:
    """The intake that prepares a visit, with its patient and visit."""
    return session.scalar(
        select(Response)
        .where(Response.visit_id == visit_id, Response.form == "intake")
        .options(joinedload(Response.patient), joinedload(Response.visit))
    )


def intakes(session: Session, patient_id: uuid.UUID) -> list[Response]:
    """Every intake of a patient, newest first."""
    query = select(Response).where(Response.patient_id == patient_id, Response.form == "intake")
    return list(session.scalars(query.order_by(Response.started_at.desc())))


def sections(session: Session, response_id: uuid.UUID) -> dict[str, tuple[dict[str, Any], int, datetime]]:
    """{section: (answers, version, saved at)} of the sections saved so far."""
    table = ResponseSection
    rows = session.execute(
        select(table.section, table.answers, table.version, table.saved_at).where(table.response_id == response_id)
    )
    return {section: (answers, version, saved_at) for section, answers, version, saved_at in rows}


def answers(session: Session, response_id: uuid.UUID) -> dict[str, Any]:
    """{question id: answer} over all sections."""
    merged: dict[str, Any] = {}
    for section, _version, _saved_at in sections(session, response_id).values():
        merged.update(section)
    return merged


def lock(session: Session, response: Response) -> None:
    """Read the response again and hold it until the transaction ends, so that acts on one form come one after another.

    PostgreSQL locks the row; SQLite's one writer holds everything already.
    """
    session.refresh(response, attribute_names=["status"], with_for_update=True)


def start(session: Session, response: Response, names: Iterable[str], given: Mapping[str, Any], now: datetime) -> None:
    """Keep a new response with a row for every section, so that the presence of one says nothing.

    `given` is {section: answers} of what is known from the start.
    """
    session.add(response)
    session.flush()
    rows = [
        {"id": uuid.uuid4(), "response_id": response.id, "section": name, "answers": given.get(name, {})}
        for name in names
    ]
    session.execute(insert(ResponseSection), [{**row, "version": 1, "saved_at": now} for row in rows])


def save_section(
    session: Session, response_id: uuid.UUID, section: str, given: Mapping[str, Any], *, over: int, now: datetime
) -> bool:
    """Keep a section's answers over version `over`. False when somebody saved in between."""
    result = session.execute(
        update(ResponseSection)
        .where(
            ResponseSection.response_id == response_id,
            ResponseSection.section == section,
            ResponseSection.version == over,
        )
        .values(answers=dict(given), version=over + 1, saved_at=now)
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
