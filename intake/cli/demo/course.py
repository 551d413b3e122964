"""A course of care over months, through the web layer: visits, measures, notes, a late one, and what was added."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from flask import Flask

from intake.cli.demo import access, journey, past, people, story
from intake.cli.demo.access import Keys
from intake.cli.demo.story import Visit
from intake.cli.demo.walker import Walker

AN_HOUR = timedelta(hours=1)
CODES = "/admin/codes"


@dataclass(frozen=True, slots=True)
class Practice:
    """The demo clinic on its today, and the keys of everybody, under what they are called."""

    app: Flask
    password: str
    now: datetime
    keys: dict[str, Keys] = field(default_factory=dict)

    def morning(self, day: date) -> datetime:
        """Ten o'clock of a day."""
        return datetime.combine(day, time(10), self.now.tzinfo)

    @property
    def first(self) -> datetime:
        """The first visit of the course."""
        return self.morning(story.VISITS[0].day(self.now.date()))

    @property
    def opened(self) -> datetime:
        """When there was a clinic at all: the day before."""
        return self.first - timedelta(days=1)

    def open(self) -> None:
        """Everybody sets up an authenticator app."""
        with past.at(self.app, self.opened):
            for person in people.STAFF:
                keys = access.first_sign_in(self.app, person.email, self.password, self.opened)[1]
                self.keys[person.nick] = keys

    @contextmanager
    def signed_in(self, nick: str, moment: datetime) -> Iterator[Walker]:
        """Somebody at work at that moment, for as long as this lasts."""
        with past.at(self.app, moment):
            yield self.walker(nick, moment)

    def walker(self, nick: str, moment: datetime | None = None) -> Walker:
        """Somebody who signs in with the digits of that moment; of now where none is given."""
        email = next(person.email for person in people.STAFF if person.nick == nick)
        return access.sign_in(self.app, email, self.password, self.keys[nick].code(at=moment))


def walk(practice: Practice, report: Callable[[str], None]) -> None:
    """The whole course, from the list of what is billed to the last note."""
    today = practice.now.date()
    with practice.signed_in("ada", practice.first - 3 * AN_HOUR) as ada:
        _bills(ada)
    with practice.signed_in("frankie", practice.first - 2 * AN_HOUR) as desk:
        visits = _booked(practice, desk)
    for visit, path in zip(story.VISITS, visits, strict=True):
        report(f"{visit.day(today):%B} {visit.day(today).day}")
        _visit(practice, visit, path)


def _bills(ada: Walker) -> None:
    """What is billed, and who pays."""
    ada.open(CODES)
    for code, label, is_timed, fee in story.PROCEDURES:
        timed = {"timed": "y"} if is_timed else {}
        ada.submit(f"{CODES}/procedures", {"code": code, "label": label, "fee": fee, **timed})
    ada.submit(f"{CODES}/payers", {"payer": story.PAYER, "rule": "cms"})


def _booked(practice: Practice, desk: Walker) -> list[str]:
    """The patient is added, answers the intake, and has all visits booked: the paths of these."""
    today = practice.now.date()
    her = journey.enter(practice.app, journey.invite(desk, story.NAME, people.BORN, practice.first), people.BORN)
    first = desk.path.removesuffix("/invitations")
    journey.answer(her, people.intake(practice.first.date()))
    journey.hand_in(her, story.NAME)
    patient = f"/clinic/patients/{journey.patient_id(desk, story.NAME)}"
    later = [practice.morning(visit.day(today)) for visit in story.VISITS[1:]]
    return [first, *(journey.book(desk, patient, moment, "follow-up") for moment in later)]


def _visit(practice: Practice, visit: Visit, path: str) -> None:
    """The measures and the note of a visit, late where it is late, and what was added to it the next day."""
    at = practice.morning(visit.day(practice.now.date()))
    number = path.rpartition("/")[2]
    with practice.signed_in("tess", at) as tess:
        chart = f"/clinic/charts/{journey.patient_id(tess, story.NAME)}"
        tess.open(chart)
        for measure, items in visit.measures.items():
            _type_in(tess, chart, measure, items, number, at.date())
        if not visit.is_late:
            note = _note(practice, tess, chart, visit, number)
    if visit.is_late:
        with practice.signed_in("tess", at + story.LONG_AFTER) as tess:
            _note(practice, tess, chart, visit, number)
    for what, fields in visit.added.items():
        with practice.signed_in("tess", at + story.NEXT_DAY) as tess:
            tess.open(note)
            tess.submit(f"{note}/{what}", {**fields, "password": practice.password})


def _note(practice: Practice, tess: Walker, chart: str, visit: Visit, number: str) -> str:
    tess.open(chart)
    says = story.note(visit, practice.now.date())
    note = journey.write(tess, f"/clinic/notes/visits/{number}", visit.kind, says)
    journey.sign(tess, note, practice.password)
    return note


def _type_in(tess: Walker, chart: str, measure: str, items: tuple[int, ...], visit: str, on: date) -> None:
    fields = {f"item_{number}": str(value) for number, value in enumerate(items, 1)}
    told = {"measure": measure, "on": on.isoformat(), "source": "paper", "visit": visit}
    tess.submit(f"{chart}/measures/new", {**told, **fields})
