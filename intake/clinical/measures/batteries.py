"""Which measures are due: at the beginning of care, in its course, and at its end (batteries.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from intake.clinical.measures import table
from intake.clinical.returning import UNTROUBLED
from intake.clinical.values import value
from intake.forms.conditions import Answers

FILE: Final = Path(__file__).with_name("batteries.toml")
BASELINE, FOLLOW, DISCHARGE = "baseline", "follow-up", "discharge"
DUE, LATE = "due", "late"


@dataclass(frozen=True, slots=True)
class Battery:
    """What one condition asks. Each entry is a choice of measures any of which will do, the usual one first."""

    label: str
    baseline: tuple[tuple[str, ...], ...]
    follow: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Batteries:
    """The table of batteries; `of_all` is asked whatever the condition."""

    of_all: Battery
    conditions: Mapping[str, Battery]
    due_after: timedelta
    late_after: timedelta
    visits: int
    most_long: int
    long: frozenset[str]


@dataclass(frozen=True, slots=True)
class Due:
    """A measure that has to be taken: any of `measures` will do. `since` is the day it fell due."""

    measures: tuple[str, ...]
    time: str
    state: str
    since: date

    @property
    def usual(self) -> str:
        """The one that is meant where nothing speaks for another."""
        return self.measures[0]


@dataclass(frozen=True, slots=True)
class Course:
    """What counts for what is due: which day is today, when the visits were, and which day each measure was taken.

    `begins` is the first day of this episode of care: what was before it is of another.
    """

    today: date
    visits: Sequence[date]
    taken: Mapping[str, Sequence[date]]
    conditions: Collection[str] = ()
    is_ending: bool = False
    begins: date = date.min


# The answer that says that a condition troubles her; whatever says no is in returning.UNTROUBLED.
SHOWN_BY: Final = {
    "leaks": "bl_leak_any",
    "bowel": "bo_leak_any",
    "girdle": "pn_any",
    "heaviness": "pop_heavy",
    "sex": "sx_marinoff",
}
NO_TROUBLE: Final = (*UNTROUBLED, "0", "not-applicable")


def conditions(answers: Answers) -> frozenset[str]:
    """The conditions that answers tell of, as far as they may be seen."""
    return frozenset(name for name, question in SHOWN_BY.items() if value(answers, question) not in NO_TROUBLE)


@cache
def batteries() -> Batteries:
    """The table, read once; ValueError for a measure or a condition that does not fit."""
    with FILE.open("rb") as file:
        read = tomllib.load(file)
    due, late = read.pop("weeks")
    plain = {name: read.pop(name) for name in ("visits", "most_long")}
    long, of_all = frozenset(read.pop("long")), _battery(read.pop("all"))
    made = {name: _battery(given) for name, given in read.items()}
    known = table.measures().keys()
    named = {name for each in (of_all, *made.values()) for found in (*each.baseline, *each.follow) for name in found}
    if unknown := (named | long) - known:
        message = f"batteries.toml names {sorted(unknown)}, which are no measures"
        raise ValueError(message)
    return Batteries(of_all, made, timedelta(weeks=due), timedelta(weeks=late), long=long, **plain)


def _battery(given: Mapping[str, Any]) -> Battery:
    """A condition is followed with the first of its measures, where it does not say otherwise."""
    baseline = tuple(map(tuple, given["baseline"]))
    return Battery(given.get("label", ""), baseline, tuple(map(tuple, given.get("follow", given["baseline"][:1]))))


def due(course: Course) -> list[Due]:
    """Everything that is due today; what is late comes first.

    Nothing is due before the first visit of the episode of care, and what was taken in another counts for nothing. The
    baseline is due until each of its measures was taken once. What is followed is due 4 weeks after it was taken last,
    or at the 10th visit since, and late after 6 weeks. At the end of care everything is due that was not taken on the
    day of the last visit or after it.
    """
    begun = sorted(day for day in course.visits if course.begins <= day <= course.today)
    if not begun:
        return []
    known = batteries()
    asked = [known.of_all, *(each for name, each in known.conditions.items() if name in course.conditions)]
    baseline = tuple(dict.fromkeys(found for battery in asked for found in battery.baseline))
    followed = tuple(dict.fromkeys(found for battery in asked for found in battery.follow))
    found = [Due(each, BASELINE, DUE, begun[0]) for each in baseline if _last(course, each) is None]
    left = [each for each in dict.fromkeys((*baseline, *followed)) if each not in {due.measures for due in found}]
    if course.is_ending:
        found += [Due(each, DISCHARGE, DUE, begun[-1]) for each in left if not _is_since(course, each, begun[-1])]
    else:
        found += [due for each in left if each in followed for due in _followed(course, each, begun)]
    return sorted(found, key=lambda each: (each.state != LATE, each.since))


def _last(course: Course, measures: Iterable[str]) -> date | None:
    days = (day for name in measures for day in course.taken.get(name, ()))
    return max((day for day in days if course.begins <= day <= course.today), default=None)


def _is_since(course: Course, measures: Iterable[str], day: date) -> bool:
    last = _last(course, measures)
    return last is not None and last >= day


def _followed(course: Course, measures: tuple[str, ...], begun: Sequence[date]) -> Iterator[Due]:
    """Whether it is due again; what was never taken is reckoned from the first visit."""
    known, last = batteries(), _last(course, measures) or begun[0]
    since = [day for day in begun if day > last]
    days = [last + known.due_after, *since[known.visits - 1 : known.visits]]
    if min(days) <= course.today:
        yield Due(measures, FOLLOW, LATE if course.today >= last + known.late_after else DUE, min(days))


def for_one_visit(found: Sequence[Due]) -> list[Due]:
    """What of it is asked at one visit: at most so many long forms, the most pressing ones."""
    known, long, kept = batteries(), 0, []
    for each in found:
        is_long = each.usual in known.long
        if not is_long or long < known.most_long:
            kept.append(each)
            long += is_long
    return kept
