"""How a measure moves over time: the same data for the chart on the page, the chart on paper and the words.

A line joins only totals of the same thing. The marks are where a change from the first of them begins to matter to
people (MCID), and where it is beyond the error of measuring (MDC); there is none where nobody agrees on a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Final

from intake.clinical.measures import table
from intake.clinical.measures.results import Result
from intake.clinical.measures.table import Measure, Step
from intake.forms.problems import N_

MATTERS, ERROR = "matters", "error"
ALONE: Final = Fraction(1, 2)  # where a single measurement stands between left and right


@dataclass(frozen=True, slots=True)
class Mark:
    """A total from which on a change counts: to the better, counted from the first total."""

    kind: str
    total: Fraction
    source: str


@dataclass(frozen=True, slots=True)
class Point:
    """One total and its place: `x` from 0 at the left to 1 at the right, `y` from 0 at the bottom to 1 at the top."""

    result: Result
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """A mark and its height, from 0 at the bottom to 1 at the top."""

    mark: Mark
    y: float


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure over time, the oldest first; `runs` are the stretches of points that a line joins."""

    measure: Measure
    low: Fraction
    high: Fraction
    points: tuple[Point, ...]
    runs: tuple[tuple[Point, ...], ...]
    lines: tuple[Line, ...]

    @property
    def first(self) -> Result:
        """What the newest total is compared with: the first of the same thing."""
        return self.runs[-1][0].result

    @property
    def last(self) -> Result:
        """The newest total."""
        return self.points[-1].result

    @property
    def change(self) -> Fraction | None:
        """The newest total less the first of the same thing; None while there is only one."""
        return None if len(self.runs[-1]) == 1 else _total(self.last) - _total(self.first)

    @property
    def verdict(self) -> str:
        """What the change means, in English words."""
        if self.change is None and len(self.points) > 1:
            return N_("nothing before it to compare it with")
        return verdict(self.measure, _total(self.first), self.change, rated=self.first.answered)


def trends(results: Iterable[Result]) -> list[Trend]:
    """A trend for each measure that has a total, in the order of the table; `results` in any order."""
    counted = [each for each in results if each.total is not None and _comparable(each)]
    places = {name: place for place, name in enumerate(table.measures())}
    in_turn = sorted(counted, key=lambda each: (places[each.measure.id], each.turn))
    return [_trend(list(found)) for _id, found in groupby(in_turn, key=lambda each: each.measure.id)]


def _comparable(result: Result) -> bool:
    """Whether it is a point at all: a total whose items decide that has none without them."""
    is_unjudged = result.is_by_hand and result.measure.judged is not None
    return result.score is not None and result.score.interpretable and not is_unjudged


def _trend(found: Sequence[Result]) -> Trend:
    measure = found[0].measure
    low, high = measure.range or (Fraction(0), Fraction(1))
    points = [Point(each, x, _height(_total(each), low, high)) for each, x in zip(found, _across(found), strict=True)]
    runs = _runs(points)
    lines = tuple(Line(mark, _height(mark.total, low, high)) for mark in _marks(runs[-1][0].result))
    return Trend(measure, low, high, tuple(points), runs, lines)


def _runs(points: Iterable[Point]) -> tuple[tuple[Point, ...], ...]:
    """The stretches in which each total can be compared with the one before it."""
    runs: list[list[Point]] = []
    for point in points:
        if runs and point.result.is_about_the_same_as(runs[-1][-1].result):
            runs[-1].append(point)
        else:
            runs.append([point])
    return tuple(map(tuple, runs))


def _marks(first: Result) -> list[Mark]:
    """The marks for what is compared with a total; none where nothing can be."""
    return marks(first.measure, _total(first), rated=first.answered) if first.key is not None else []


def _across(found: Sequence[Result]) -> list[float]:
    """From the first moment at the left to the last at the right."""
    begin, end = found[0].at, found[-1].at
    if begin == end:
        return [float(ALONE)] * len(found)
    return [(each.at - begin) / (end - begin) for each in found]


def _height(total: Fraction, low: Fraction, high: Fraction) -> float:
    return float((total - low) / (high - low))


def _total(result: Result) -> Fraction:
    return Fraction(str(result.total))


def marks(measure: Measure, first: Fraction, *, rated: int = 0) -> list[Mark]:
    """The totals from which on a change to the better counts, where the measure reaches that far.

    `rated` is how many items the total was made of.
    """
    low, high = measure.range or (first, first)
    found = []
    for kind, step in ((MATTERS, measure.matters), (ERROR, measure.error)):
        if step is not None:
            by = needed(step, first, rated=rated)
            total = first - by if measure.less_is_better else first + by
            found += [Mark(kind, total, step.source)] if low <= total <= high else []
    return found


def needed(step: Step, first: Fraction, *, rated: int = 0) -> Fraction:
    """By how many points a total has to move that began there, and was made of so many items."""
    if rated == 1 and step.single is not None:
        return step.single
    return step.by if step.share is None or not first else min(step.by, step.share * abs(first))


def verdict(measure: Measure, first: Fraction, change: Fraction | None, *, rated: int = 0) -> str:
    """What a change since the first total means, made of so many items; an English text."""
    if change is None:
        return N_("one measurement so far")
    if measure.is_change:
        return N_("each total is a change by itself, since care began")
    if not change:
        return N_("no change")
    better = (change < 0) == bool(measure.less_is_better)
    if _reaches(measure.matters, first, change, rated):
        if measure.error is not None and not _reaches(measure.error, first, change, rated):
            text = N_("better, by an amount that matters, but within the error of measuring")
            return text if better else N_("worse, by an amount that matters, but within the error of measuring")
        return N_("better, by an amount that matters") if better else N_("worse, by an amount that matters")
    if measure.matters is None and _reaches(measure.error, first, change, rated):
        return N_("better, beyond the error of measuring") if better else N_("worse, beyond the error of measuring")
    if measure.matters is None and measure.error is None:
        return N_("better; no agreed size of change") if better else N_("worse; no agreed size of change")
    return N_("a little better, less than what counts") if better else N_("a little worse, less than what counts")


def _reaches(step: Step | None, first: Fraction, change: Fraction, rated: int) -> bool:
    return step is not None and abs(change) >= needed(step, first, rated=rated)
