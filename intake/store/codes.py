"""The lists of codes a clinic loaded: the full diagnoses of a year, its own procedures, its payers and their rules."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    String,
    UniqueConstraint,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.clinical.coding import codes, diagnoses
from intake.clinical.coding.codes import Code, Lists
from intake.forms.conditions import Answers
from intake.store.base import Base, Identified, Within, everybody

DIAGNOSIS, PROCEDURE, PAYER = "diagnosis", "procedure", "payer"
KINDS: Final = (DIAGNOSIS, PROCEDURE, PAYER)
AT_ONCE: Final = 5_000  # rows of one statement


class Listed(Base, Identified):
    """One code in one stretch of time. Nothing here is about a patient."""

    __tablename__ = "codes"
    __table_args__ = (UniqueConstraint("kind", "code", "valid_from"),)

    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(300))
    is_heading: Mapped[bool]
    timed: Mapped[bool]
    fee: Mapped[int | None]
    rule: Mapped[str] = mapped_column(String(10))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    loaded_at: Mapped[datetime]
    loaded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))

    @property
    def as_code(self) -> Code:
        """What the rules know of it."""
        return Code(
            self.code, self.title, self.valid_from, self.valid_to, is_heading=self.is_heading, timed=self.timed,
            fee=self.fee, rule=self.rule,
        )  # fmt: skip


def get(session: Session, code_id: uuid.UUID, within: Within = everybody) -> Listed | None:
    """The row of that id."""
    return session.scalar(select(Listed).where(Listed.id == code_id, within(Listed)))


def of_kind(session: Session, kind: str) -> list[Listed]:
    """Every row of a kind, by code, the newest stretch first."""
    query = select(Listed).where(Listed.kind == kind).order_by(Listed.code, Listed.valid_from.desc())
    return list(session.scalars(query))


def _stands(on: date) -> ColumnElement[bool]:
    return and_(Listed.valid_from <= on, or_(Listed.valid_to.is_(None), Listed.valid_to >= on))


def is_full(session: Session, on: date) -> bool:
    """Whether a full set of diagnoses was loaded that stands on a day."""
    return bool(session.scalar(select(exists().where(Listed.kind == DIAGNOSIS, _stands(on)))))


def on_day(session: Session, kind: str, on: date) -> list[Code]:
    """The procedures or payers that stand on a day, by code."""
    query = select(Listed).where(Listed.kind == kind, _stands(on)).order_by(Listed.code, Listed.valid_from)
    return [row.as_code for row in session.scalars(query)]


def lists(session: Session, on: date, written: Collection[str]) -> Lists:
    """What is known on a day of service. Of a full set only what the written diagnoses need is fetched."""
    full = is_full(session, on)
    wanted: ColumnElement[bool] = Listed.kind.in_((PROCEDURE, PAYER))
    if full and written:
        wanted = or_(wanted, and_(Listed.kind == DIAGNOSIS, Listed.code.in_(sorted(written))))
    found: dict[str, list[Code]] = {kind: [] for kind in KINDS}
    for row in session.scalars(select(Listed).where(_stands(on), wanted).order_by(Listed.code, Listed.valid_from)):
        found[row.kind].append(row.as_code)
    known = found[DIAGNOSIS] if full else codes.ours()
    others = codes.on_day(found[PROCEDURE], on), codes.on_day(found[PAYER], on)
    return Lists(codes.on_day(known, on), *others, is_full=full)


def of_note(session: Session, answers: Answers, on: date) -> Lists:
    """What is known of the codes of a note on the day of its visit."""
    return lists(session, on, diagnoses.mentioned(answers))


def search(session: Session, words: str, on: date, most: int) -> list[Code]:
    """Diagnoses that can be billed on a day and hold every word, by code; ours where no full set stands."""
    sought = [word.casefold() for word in words.split()]
    if not is_full(session, on):
        known = codes.on_day(codes.ours(), on).values()
        found = [code for code in known if all(word in code.words.casefold() for word in sought)]
        return sorted(found, key=lambda code: code.code)[:most]
    text = func.lower(Listed.code + " " + Listed.title)
    holds = [text.contains(word, autoescape=True) for word in sought]
    query = select(Listed).where(Listed.kind == DIAGNOSIS, _stands(on), Listed.is_heading.is_(False), *holds)
    return [row.as_code for row in session.scalars(query.order_by(Listed.code).limit(most))]


def load(session: Session, kind: str, found: Sequence[Code], *, by: uuid.UUID | None, now: datetime) -> None:
    """Take codes into a list: each in place of one that begins on the same day; an earlier one ends the day before.

    A set of diagnoses is whole: everything of it that began earlier ends, and it ends before one that begins later.
    What stands from always takes the place of every stretch. A payer is the same in large and small letters; one that
    is known and comes without a first day has its rule from today on: bills of before stay as they were.
    """
    if kind == DIAGNOSIS:
        found = _placed(session, found)
    else:
        there = set(session.scalars(select(Listed.code).where(Listed.kind == kind)))
        if kind == PAYER:
            found = _from_today(session, found, there, now.date())
        for code in found:
            same = {name for name in there if name.casefold() == code.code.casefold()}
            _make_room(session, Listed.kind == kind, Listed.code.in_(same), since=code.valid_from)
    rows = [_row(kind, code, by, now) for code in found]
    for first in range(0, len(rows), AT_ONCE):
        session.execute(insert(Listed), rows[first : first + AT_ONCE])
    session.expire_all()


def _from_today(session: Session, found: Sequence[Code], there: Collection[str], today: date) -> list[Code]:
    """Payers, those that are known and have no first day from today on; without those of which that is nothing new."""
    known = {name.casefold() for name in there}
    current = codes.on_day(on_day(session, PAYER, today), today)
    same = {(each.code, each.rule, each.valid_to) for each in current.values()}
    kept = []
    for code in found:
        if code.valid_from > codes.ALWAYS or code.code.casefold() not in known:
            kept.append(code)
        elif (code.valid_to is None or code.valid_to >= today) and (code.code, code.rule, code.valid_to) not in same:
            kept.append(replace(code, valid_from=today))
    return kept


def _placed(session: Session, found: Sequence[Code]) -> list[Code]:
    since = found[0].valid_from
    _make_room(session, Listed.kind == DIAGNOSIS, since=since)
    after = select(func.min(Listed.valid_from)).where(Listed.kind == DIAGNOSIS, Listed.valid_from > since)
    later = session.scalar(after)
    until = found[0].valid_to if later is None else min(found[0].valid_to or date.max, later - timedelta(days=1))
    return [Code(code.code, code.title, since, until, is_heading=code.is_heading) for code in found]


def _make_room(session: Session, *which: ColumnElement[bool], since: date) -> None:
    if since == codes.ALWAYS:
        session.execute(delete(Listed).where(*which))
        return
    session.execute(delete(Listed).where(*which, Listed.valid_from == since))
    open_ones = Listed.valid_from < since, or_(Listed.valid_to.is_(None), Listed.valid_to >= since)
    session.execute(update(Listed).where(*which, *open_ones).values(valid_to=since - timedelta(days=1)))


def _row(kind: str, code: Code, by: uuid.UUID | None, now: datetime) -> dict[str, object]:
    return {
        "id": uuid.uuid4(), "kind": kind, "code": code.code, "title": code.title, "is_heading": code.is_heading,
        "timed": code.timed, "fee": code.fee, "rule": code.rule, "valid_from": code.valid_from,
        "valid_to": code.valid_to, "loaded_at": now, "loaded_by_id": by,
    }  # fmt: skip


def releases(session: Session) -> Iterable[tuple[date, date | None, int]]:
    """The full sets of diagnoses that were loaded: (first day, last day, how many codes), the newest first."""
    query = select(Listed.valid_from, Listed.valid_to, func.count()).where(Listed.kind == DIAGNOSIS)
    query = query.group_by(Listed.valid_from, Listed.valid_to).order_by(Listed.valid_from.desc())
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
