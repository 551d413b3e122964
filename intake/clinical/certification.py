"""The clocks of a plan of care: when it has to be certified, and when again.

42 CFR 410.61 and 424.24, and Medicare Benefit Policy Manual, chapter 15, section 220.1. Days are counted from the day
of the first treatment under the plan, which is day 0: what is due within 30 days is in time on day 30.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from intake.clinical.values import number, value
from intake.forms.conditions import Answers

WITHIN: Final = timedelta(days=30)  # a first plan is certified, or sent to whoever ordered it
AFTER_WORD: Final = timedelta(days=14)  # an order by word of mouth is signed
LONGEST: Final = timedelta(days=90)  # a plan stands before it is certified again
WEEK: Final = timedelta(days=7)
BY_ORDER_SINCE: Final = date(2025, 1, 1)  # from then on a signed order on file can stand in for the first signature


class Act(StrEnum):
    """What happened to a plan of care."""

    FIRST = "first"  # the plan that begins an episode
    AGAIN = "again"  # one that was changed, or goes on
    SENT = "sent"
    RETURNED = "returned"  # with the signature of whoever certifies it
    ORDER = "order"  # a signed and dated order or referral is on file
    VERBAL = "verbal"
    ENDED = "ended"  # discharged
    TAKEN_BACK = "taken-back"  # an entry that was made by mistake


PLANNED: Final = frozenset({Act.FIRST, Act.AGAIN})
PLANS: Final = {"new": Act.FIRST, "changed": Act.AGAIN, "goes-on": Act.AGAIN}  # by the answers of a note
OF_A_PLAN: Final = frozenset({Act.SENT, Act.RETURNED})  # there is none of it without the plan itself
TOLD: Final = (Act.SENT, Act.RETURNED, Act.ORDER, Act.VERBAL)  # what people record, in the order it happens


class Duty(StrEnum):
    """What has to be done by a day."""

    CERTIFY = "certify"
    CONFIRM = "confirm"  # sign what was ordered by word of mouth
    RECERTIFY = "recertify"


@dataclass(frozen=True, slots=True)
class Event:
    """One act on a day. A plan has its `weeks`; what was sent or ordered has `to`, the other provider."""

    act: Act
    on: date
    weeks: int = 0
    to: str = ""


def planned(answers: Answers) -> tuple[Act, int, str] | None:
    """What a note says of the plan of care: which act, for how many weeks, and who certifies it.

    None where the plan stays as it is, or nobody has to certify it.
    """
    act, weeks = PLANS.get(value(answers, "poc_plan") or ""), number(answers, "poc_duration")
    if act is None or weeks is None or value(answers, "poc_certified") != "yes":
        return None
    return act, int(weeks), value(answers, "poc_provider") or ""


@dataclass(frozen=True, slots=True)
class Due:
    """A duty and its last day."""

    duty: Duty
    on: date

    def is_overdue(self, today: date) -> bool:
        """Whether the last day is over."""
        return self.on < today


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan with what became of it. `until` is its last day, `certified_on` None while it is not."""

    is_first: bool
    on: date
    until: date
    certified_on: date | None
    by_order: bool
    due: Due | None


@dataclass(frozen=True, slots=True)
class Clock:
    """The plans of an episode of care in order, and every duty that is open, the next one first."""

    plans: tuple[Plan, ...]
    duties: tuple[Due, ...]


def clock(events: Iterable[Event]) -> Clock:
    """How the plan of care stands, from all acts of a patient in the order they were recorded."""
    stretches = _stretches(events)
    plans: list[Plan] = []
    for mine in stretches:
        plans.append(_plan(mine, plans[-1] if plans else None))
    if not plans:
        return Clock((), ())
    duties = [plan.due for plan in plans if plan.due is not None]
    duties.append(Due(Duty.RECERTIFY, plans[-1].until))
    return Clock(tuple(plans), tuple(sorted(duties, key=lambda due: due.on)))


def _stretches(events: Iterable[Event]) -> list[list[Event]]:
    """Each plan of the episode that is on, with the acts that serve it. A first plan begins one; a discharge ends it.

    What was recorded before there was a plan can be its order, or belong to a visit whose note was signed later. What
    is of a day before the last discharge, and comes in late, belongs to the episode that was over then.
    """
    found: list[list[Event]] = []
    before: list[Event] = []
    ended = date.min
    for event in events:
        if event.act is Act.ENDED:
            found, before, ended = [], [], event.on
        elif event.act in PLANNED:
            if event.act is Act.FIRST:
                found = []
            found.append([event, *(each for each in before if _serves(each, event))])
            before = []
        elif event.on < ended:
            continue
        elif found:
            mine = next((each for each in reversed(found) if _serves(event, each[0])), [])
            mine.append(event)
        else:
            before.append(event)
    return found


def _serves(event: Event, plan: Event) -> bool:
    """Whether an act can belong to a plan: nobody signed or sent it before it was made."""
    return event.act not in OF_A_PLAN or event.on >= plan.on


def _plan(events: Sequence[Event], previous: Plan | None) -> Plan:
    plan, rest = events[0], events[1:]
    until = plan.on + min(LONGEST, plan.weeks * WEEK)
    signed = min((event.on for event in rest if event.act is Act.RETURNED), default=None)
    ordered = _by_order(plan, rest) if plan.act is Act.FIRST else None
    dates = [on for on in (signed, ordered) if on is not None]
    certified = min(dates, default=None)
    due = None if certified is not None else _due(plan, rest, previous)
    return Plan(plan.act is Act.FIRST, plan.on, until, certified, certified is not None and certified != signed, due)


def _due(plan: Event, rest: Sequence[Event], previous: Plan | None) -> Due:
    """When the signature is due: a first plan within 30 days, a later one while the one before still stands."""
    last = plan.on + WITHIN if previous is None else previous.until
    spoken = [event.on for event in rest if event.act is Act.VERBAL and event.on <= last]
    return Due(Duty.CONFIRM, min(spoken) + AFTER_WORD) if spoken else Due(Duty.CERTIFY, last)


def _by_order(plan: Event, rest: Sequence[Event]) -> date | None:
    """The day on which an order on file came to stand in for the signature: it was sent to who ordered, in time."""
    if plan.on < BY_ORDER_SINCE:
        return None
    found = [
        max(order.on, sent.on)
        for order in rest
        for sent in rest
        if order.act is Act.ORDER and sent.act is Act.SENT and _same(order.to, sent.to)
        if sent.on <= plan.on + WITHIN and order.on <= plan.on + WITHIN
    ]
    return min(found, default=None)


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def soon(duties: Iterable[Due], today: date, ahead: timedelta) -> Iterator[Due]:
    """The duties that are over, due today, or due in the days ahead."""
    return (due for due in duties if due.on <= today + ahead)
