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

FILE: Final = Path(__file__).with_name("batteries.toml")
BASELINE, FOLLOW, DISCHARGE = "baseline", "follow-up", "discharge"
SOON, DUE, LATE = "soon", "due", "late"


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
    """A measure that has to be taken: any of `measures` will do. `since` is the day it fell due; None: at any time."""

    measures: tuple[str, ...]
    time: str
    state: str
    since: date | None = None

    @property
    def usual(self) -> str:
        """The one that is meant where nothing speaks for another."""
        return self.measures[0]


@dataclass(frozen=True, slots=True)
class Course:
    """What counts for what is due: which day is today, when the visits were, and which day each measure was taken."""

    today: date
    visits: Sequence[date]
    taken: Mapping[str, Sequence[date]]
    conditions: Collection[str] = ()
    is_ending: bool = False


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
    baseline = tuple(map(tuple, given["baseline"]))
    return Battery(given.get("label", ""), baseline, tuple(map(tuple, given.get("follow", given["baseline"]))))


def due(course: Course) -> list[Due]:
    """Everything that is due today, or will be within the stretch in which it is best asked; the latest first.

    Nothing is due before the first visit. The baseline is due until each of its measures was taken once. From then on
    what is followed is due 4 weeks after it was taken last, or at the 10th visit since, and late after 6. At the end of
    care everything is due that was not taken since the last visit but one.
    """
    begun = [day for day in course.visits if day <= course.today]
    if not begun:
        return []
    asked = _asked(course)
    found = list(_baseline(course, asked))
    found += _at_the_end(course, asked) if course.is_ending else _in_course(course, asked, begun)
    order = {LATE: 0, DUE: 1, SOON: 2}
    return sorted(found, key=lambda each: (order[each.state], each.since or course.today))


def _asked(course: Course) -> list[Battery]:
    known = batteries()
    return [known.of_all, *(known.conditions[name] for name in known.conditions if name in course.conditions)]


def _last(course: Course, measures: Iterable[str]) -> date | None:
    return max((day for name in measures for day in course.taken.get(name, ()) if day <= course.today), default=None)


def _baseline(course: Course, asked: Iterable[Battery]) -> Iterator[Due]:
    first = min(course.visits)
    for measures in _each_once(found for battery in asked for found in battery.baseline):
        if _last(course, measures) is None:
            yield Due(measures, BASELINE, DUE, first)


def _each_once(found: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    yield from dict.fromkeys(found)


def _in_course(course: Course, asked: Iterable[Battery], begun: Sequence[date]) -> Iterator[Due]:
    known = batteries()
    for measures in _each_once(found for battery in asked for found in battery.follow):
        last = _last(course, measures)
        if last is None:
            is_only_followed = not any(measures in battery.baseline for battery in asked)
            last = min(begun) if is_only_followed else None
        if last is None:
            continue
        since = sorted(day for day in begun if day > last)
        by_time, by_visit = last + known.due_after, since[known.visits - 1] if len(since) >= known.visits else None
        day = min(filter(None, (by_time, by_visit)))
        if day <= course.today:
            late = course.today >= last + known.late_after
            yield Due(measures, FOLLOW, LATE if late else DUE, day)


def _at_the_end(course: Course, asked: Iterable[Battery]) -> Iterator[Due]:
    """What was asked at the beginning, and the change since; what was taken at this last visit counts."""
    last_visit = max(day for day in course.visits if day <= course.today)
    followed = [found for battery in asked for found in (*battery.baseline, *battery.follow)]
    for measures in _each_once(followed):
        last = _last(course, measures)
        if (last is not None and last < last_visit) or (last is None and not _is_baseline(measures, asked)):
            yield Due(measures, DISCHARGE, DUE, last_visit)


def _is_baseline(measures: tuple[str, ...], asked: Iterable[Battery]) -> bool:
    return any(measures in battery.baseline for battery in asked)


def for_one_visit(found: Sequence[Due]) -> list[Due]:
    """What of it is asked at one visit: at most so many long forms, the most pressing ones."""
    known, long, kept = batteries(), 0, []
    for each in found:
        is_long = each.usual in known.long
        if not is_long or long < known.most_long:
            kept.append(each)
            long += is_long
    return kept
