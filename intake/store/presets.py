"""What her open forms began with and show again, once a paper that it came from is taken out or put right.

Her own words of an earlier form are copied into a new one as it begins, and shown to ask whether they are right. When
they turn out to be somebody else's, or mistyped, they are shown to nobody any more.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.clinical import returning
from intake.forms import reader, recall
from intake.forms.conditions import given
from intake.forms.merge import PAPER, START
from intake.forms.model import Form
from intake.store import beginnings, history, responses
from intake.store.responses import Response

Told = Mapping[str, list[tuple[str, Any]]]


@dataclass(frozen=True, slots=True)
class _Before:
    """What a form was made from: what it would follow by itself, and what stood under each "still right?"."""

    measure: str
    shown: Told


@contextmanager
def renewed(session: Session, patient_id: uuid.UUID, *, out: bool, now: datetime) -> Iterator[None]:
    """Give her open forms what stands after what is done inside: a paper is taken `out`, or put right.

    A form nobody has touched begins anew. In one she has begun her answers stay, but for "still right" about words that
    are others now; names from a paper that is out are emptied, and what she said of them is dropped as not shown.
    """
    was = [(each, _before(session, each)) for each in _open(session, patient_id)]
    yield
    session.flush()
    for each, before in was:
        _follow(session, each)
        _renew(session, each, before, out=out, now=now)


def _open(session: Session, patient_id: uuid.UUID) -> list[Response]:
    mine = Response.patient_id == patient_id, Response.number > 0, Response.only.is_(None)
    found = session.scalars(select(Response).where(*mine, Response.status == responses.IN_PROGRESS))
    held = sorted(found, key=lambda each: each.id)
    for each in held:
        responses.lock(session, each)
    return [each for each in held if each.status == responses.IN_PROGRESS]


def _before(session: Session, response: Response) -> _Before:
    earlier = history.followed(session, response)
    stands = history.standing(session, earlier) if earlier is not None else {}
    return _Before(returning.measure(stands), _shown(session, response))


def _shown(session: Session, response: Response) -> Told:
    form, stood = reader.load(response.form, response.form_version), history.stood(session, response)
    asking = [each for each in form.questions() if each.recall]
    return {
        each.id: [(said.question.id, said.answer) for said in recall.recalled(form, each, stood)] for each in asking
    }


def _follow(session: Session, response: Response) -> None:
    """Build on what was in before it, where what it built on is out."""
    if response.follows_id is None or history.followed(session, response) is not None:
        return
    earlier = history.latest(session, response.patient_id, response.started_at)
    response.follows_id = earlier.id if earlier is not None else None
    session.flush()


def _renew(session: Session, response: Response, before: _Before, *, out: bool, now: datetime) -> None:
    form, stored = reader.load(response.form, response.form_version), responses.sections(session, response.id)
    measured = stored[form.section_of[returning.MEASURE].id][0] if returning.MEASURE in form.by_id else {}
    chosen = given(measured.get(returning.MEASURE))
    fresh = beginnings.known(
        session, form, history.followed(session, response), measured="" if chosen == before.measure else chosen or ""
    )
    session.refresh(response, ["sections"])
    if not response.touched:
        changed = {name: fresh.get(name, {}) for name in stored if stored[name][0] != fresh.get(name, {})}
        responses.start_over(session, response, changed, now)
        return
    now_shown = _shown(session, response)
    unseen = {name for name, told in before.shown.items() if now_shown[name] != told}
    for name, (mine, version, _at) in stored.items():
        kept = _kept(form, mine, fresh.get(name, {}), unseen, out=out)
        if kept != mine:
            responses.save_section(session, response.id, name, kept, over=version, now=now)


def _kept(
    form: Form, mine: Mapping[str, Any], fresh: Mapping[str, Any], unseen: set[str], *, out: bool
) -> dict[str, Any]:
    """A part that she may have begun: what she said stays, on what she saw."""
    gone = {name for name in unseen if _called_right(mine.get(name, {}))}
    if out:
        named = (name for name in mine if name.startswith(returning.NAME))
        gone |= {name for name in named if mine[name].get("by") == START and fresh.get(name) != mine[name]}
    asked_anew = {name: answer for name, answer in fresh.items() if form.by_id[name].recall}
    return {**asked_anew, **{name: answer for name, answer in mine.items() if name not in gone}}


def _called_right(answer: Mapping[str, Any]) -> bool:
    return given(answer) == recall.RIGHT and answer.get("by") != PAPER
