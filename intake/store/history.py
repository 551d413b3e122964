"""What a patient handed in before, for whoever reads or asks something anew, and what of it still stands."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.clinical import contacts
from intake.forms import disclosure, effective, moments, reader, recall
from intake.forms.conditions import Answer, Answers
from intake.forms.model import Form, Tier
from intake.forms.recall import Layer, Said
from intake.store import people, responses
from intake.store.patient_keys import CARE, COMPARTMENTS
from intake.store.responses import COMPLETED, Response
from intake.store.visits import Visit

WHOLE, FOLLOW_UP, CHECK_IN = "intake", "follow-up", "check-in"
BUILT_ON = frozenset({WHOLE, FOLLOW_UP, CHECK_IN})  # a diary is about its own days, and others are the clinic's


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A form that is in: its own answers, all of which were shown, and what it builds on that was said before."""

    response: Response
    form: Form
    answers: Answers
    known: Answers
    at: datetime  # when it was said (said_at)

    def in_full(self) -> dict[str, Answer]:
        """Its answers among those it was asked over, so that its conditions hold as they held then."""
        return {**self.known, **self.answers}

    def layer(self, shown: datetime | None) -> Layer:
        """Its answers as one layer of what stands; `shown` is when the form came in that it follows."""
        own, at = self.response, moments.last(self.answers.values(), self.at)
        return Layer(
            self.form, self.answers, at, only=own.only or "", is_whole=_is_whole(own), shown=shown,
            came_in=own.completed_at or own.started_at,
        )  # fmt: skip


def before(session: Session, response: Response) -> list[HandedIn]:
    """Every other form of the patient that was in when this one came in, or is in by now; the oldest first."""
    found: list[HandedIn] = []
    for each in _in_order(session, response.patient_id):
        if each.id != response.id and (response.completed_at is None or moment(each) < moment(response)):
            found.append(_opened(session, each, found))
    return found


def moment(response: Response) -> tuple[datetime, int]:
    """Where it stands among the forms of one patient, in the order in which they came in."""
    return response.completed_at or response.started_at, response.number


def said_at(session: Session, response: Response, hour: time = time.min) -> datetime:
    """When what it says was said as a whole: as it was handed in, or on the day it was filled in on paper, at an hour.

    A form that came in last can be older than others. Of a single answer moments.said_at knows better.
    """
    if not response.is_from_paper or response.filled_on is None:
        return response.completed_at or response.started_at
    return moments.on_paper(response.filled_on, zone(session), hour)


def zone(session: Session) -> ZoneInfo:
    """Where the days begin that stand on papers."""
    clinic = people.clinic(session)
    return ZoneInfo(clinic.time_zone if clinic else "UTC")


def _in_order(session: Session, patient_id: uuid.UUID) -> list[Response]:
    mine = Response.patient_id == patient_id, Response.number > 0, Response.status == COMPLETED
    return sorted(session.scalars(select(Response).where(*mine)), key=moment)


def every(session: Session, asked: Sequence[Response], compartments: Sequence[str] = COMPARTMENTS) -> list[HandedIn]:
    """All that a patient was asked to fill in, opened together: what is in, in the order it came in, then the rest."""
    said, found = responses.said_of(session, asked, compartments), list[HandedIn]()
    for each in sorted((each for each in asked if each.status == COMPLETED), key=moment):
        found.append(_opened(session, each, found, said[each.id]))
    rest = sorted((each for each in asked if each.status != COMPLETED), key=moment)
    return [*found, *(_opened(session, each, found, said[each.id]) for each in rest)]


def _opened(
    session: Session, response: Response, earlier: Sequence[HandedIn], answers: dict[str, Answer] | None = None
) -> HandedIn:
    form, at = responses.form_of(response), said_at(session, response)
    answers = responses.said(session, response) if answers is None else answers
    if response.only:
        return HandedIn(response, form, answers, newest(earlier), at)
    carried = recall.carried(form, answers, _stood(form, response, earlier))
    return HandedIn(response, form, {name: said for name, said in answers.items() if name not in carried}, carried, at)


def opened(session: Session, response: Response) -> HandedIn:
    """One form with its answers, handed in or not."""
    builds_on = response.only or response.follows_id
    return _opened(session, response, before(session, response) if builds_on else [])


def newest(found: Sequence[HandedIn]) -> dict[str, Answer]:
    """The newest word on each question, of forms in the order in which they came in."""
    return effective.answers([each.answers for each in found], [each.at for each in found])


def told(
    session: Session, patient_id: uuid.UUID, hour: time = time.min
) -> list[tuple[Response, dict[str, Answer], datetime]]:
    """What each of her forms says that the desk or the care team may see, and when it was said (said_at).

    Handed in or not, in the order in which they came in.
    """
    found = sorted(responses.intakes(session, patient_id), key=moment)
    return [(each, responses.answers(session, each.id, (CARE,)), said_at(session, each, hour)) for each in found]


def told_the_clinic(session: Session, patient_id: uuid.UUID, hour: time = time.min) -> dict[str, Answer]:
    """The newest word on each question among that; of ways to reach her it is the newest word on each of them."""
    found = told(session, patient_id, hour)
    given, at = [answers for _response, answers, _at in found], [at for *_form, at in found]
    newest_words = effective.answers(given, at)
    if ways := contacts.each_way(_in_turn(given, at, contacts.QUESTION)):
        newest_words[contacts.QUESTION] = {"value": ways}
    return newest_words


def _in_turn(given: Sequence[Answers], at: Sequence[datetime], name: str) -> list[Answers]:
    """What was answered to one question, from the first time on."""
    said = [
        (moments.said_at(each[name], form_at), each[name])
        for each, form_at in zip(given, at, strict=True)
        if name in each
    ]
    return [{name: answer} for _at, answer in sorted(said, key=lambda each: each[0])]


def may_have_told(session: Session, patient_id: uuid.UUID) -> list[dict[str, Answer]]:
    """The same, once for each hour at which what is on paper may have been written: which was last is not known."""
    return [told_the_clinic(session, patient_id, hour) for hour in (time.min, time.max)]


# ---------------------------------------------------------------- what still stands


def latest(session: Session, patient_id: uuid.UUID, until: datetime | None = None) -> Response | None:
    """The newest form that is in, and was by then, and that a later one can build on."""
    found = [each for each in _in_order(session, patient_id) if each.form in BUILT_ON]
    there = [each for each in found if until is None or moment(each)[0] <= until]
    return there[-1] if there else None


def followed(session: Session, response: Response) -> Response | None:
    """The form that it builds on, as that counts now; None once it was taken out."""
    found = _in_order(session, response.patient_id)
    return next((each for each in found if response.follows_id in each.versions), None)


def last_full(session: Session, patient_id: uuid.UUID) -> datetime | None:
    """When she last went through everything: a whole intake, or a follow-up on one that still counts."""
    found, full, is_begun = _in_order(session, patient_id), list[datetime](), False
    there = {name for each in found for name in each.versions}
    for each in found:
        is_begun = is_begun or _is_whole(each)
        is_full = _is_whole(each) or (each.form == FOLLOW_UP and each.only is None and each.follows_id in there)
        if is_begun and is_full:
            full.append(said_at(session, each))
    return max(full, default=None)


def stood(session: Session, response: Response) -> dict[str, Said]:
    """What stood when this form began, for one that asks whether it is still right; nothing for any other."""
    form = reader.load(response.form, response.form_version)
    if response.only or response.follows_id is None or not recall.parts(form):
        return {}
    return _stood(form, response, before(session, response))


def _stood(form: Form, response: Response, earlier: Sequence[HandedIn]) -> dict[str, Said]:
    """The same, of forms that were in before it: up to the one that it follows."""
    places = [place for place, each in enumerate(earlier) if response.follows_id in each.response.versions]
    if not places or not recall.parts(form):
        return {}
    return recall.standing(_layers(earlier[: places[0] + 1]))


def standing(session: Session, response: Response) -> dict[str, Said]:
    """What stands with that form, handed in or not: it comes last, on all that were in before it."""
    return recall.standing(layers(session, response))


def stands_at(session: Session, visit: Visit, ceiling: str) -> dict[str, Said]:
    """What stands, for whoever writes about a visit and may see no more than `ceiling`.

    What a follow-up always asks anew is about its own day: of that, only what a form of this visit says.
    """
    newest_form = latest(session, visit.patient_id)
    if newest_form is None or not ceiling:
        return {}
    most, here = Tier(ceiling), {each.completed_at for each in responses.asked(session, visit.id)}
    return {
        name: replace(said, answer=disclosure.within(said.question, said.answer, most))
        for name, said in standing(session, newest_form).items()
        if said.tier.rank <= most.rank and (said.came_in in here or not _is_of_its_day(name))
    }


def _is_of_its_day(name: str) -> bool:
    again = reader.latest(FOLLOW_UP)
    return name in again.by_id and again.section_of[name].id not in recall.parts(again)


def layers(session: Session, response: Response) -> list[Layer]:
    """The answers of a form and of those that were in before it, from the last whole intake on, oldest first."""
    found = before(session, response)
    return _layers([*found, _opened(session, response, found)])


def layers_of(found: Sequence[HandedIn]) -> list[Layer]:
    """The same of what was opened together (every): up to the newest form that is in."""
    return _layers([each for each in found if each.response.status == COMPLETED])


def _layers(found: Sequence[HandedIn]) -> list[Layer]:
    came_in: dict[uuid.UUID | None, datetime | None] = {
        name: each.response.completed_at for each in found for name in each.response.versions
    }
    made = [each.layer(_shown(each.response, came_in)) for each in found if each.response.form in BUILT_ON]
    return recall.since_the_last_whole(made)


def _shown(response: Response, came_in: Mapping[uuid.UUID | None, datetime | None]) -> datetime | None:
    """Up to when forms had come in of which it showed something; of what was taken out it showed other words."""
    nothing = None if response.follows_id is None else datetime.min.replace(tzinfo=UTC)
    return came_in.get(response.follows_id, nothing)


def _is_whole(response: Response) -> bool:
    """Whether it is a whole intake, which asks everything anew."""
    return response.form == WHOLE and response.only is None
