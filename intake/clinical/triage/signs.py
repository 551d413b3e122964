"""The kinds of sign a rule is made of. A sign is data: it can be looked for, and asked what it reads.

`found` gives the ids that show the sign, or None when it does not hold. A sign that only narrows another one
(a time window) holds with nothing to show. No sign holds because an answer is missing, save where it says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Final, Protocol

from intake.clinical import obstetrics, temperature
from intake.clinical.triage.case import Case

LISTS: Final = frozenset({"rf_heart", "rf_head", "rf_belly", "rf_legs"})  # warning signs asked as one list each

Found = tuple[str, ...] | None
Reads = Iterator[tuple[str, frozenset[str]]]


class Sign(Protocol):
    """Something that can be found in a case."""

    def found(self, case: Case) -> Found:
        """The ids that show it, or None."""

    def reads(self) -> Reads:
        """The questions it reads, each with the codes it knows (none for numbers and dates)."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """Any of the codes was chosen. Shown by the question, or by the code in the lists of warning signs."""

    question: str
    codes: frozenset[str]

    def found(self, case: Case) -> Found:
        chosen = case.codes(self.question)
        if self.codes.isdisjoint(chosen):
            return None
        return _listed(self.question, self.codes & chosen) if self.question in LISTS else (self.question,)

    def reads(self) -> Reads:
        yield self.question, self.codes


@dataclass(frozen=True, slots=True)
class OtherThan:
    """Anything was chosen or written but these codes, so that a code no rule knows yet still counts."""

    question: str
    codes: frozenset[str] = frozenset()

    def found(self, case: Case) -> Found:
        others = case.codes(self.question) - self.codes
        if not others:
            return None
        return _listed(self.question, others) if self.question in LISTS else (self.question,)

    def reads(self) -> Reads:
        yield self.question, self.codes


@dataclass(frozen=True, slots=True)
class Without:
    """None of the codes was chosen, or the question has no answer. It narrows another sign, and shows nothing."""

    question: str
    codes: frozenset[str]

    def found(self, case: Case) -> Found:
        return None if self.codes & case.codes(self.question) else ()

    def reads(self) -> Reads:
        yield self.question, self.codes


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the answer is at least `low`, and lower than `below`, both in the unit of the form."""

    question: str
    low: int | None = None
    below: int | None = None

    def found(self, case: Case) -> Found:
        for number in case.numbers(self.question):
            if within(number, self.low, self.below):
                return (self.question,)
        return None

    def reads(self) -> Reads:
        yield self.question, frozenset()


@dataclass(frozen=True, slots=True)
class Total:
    """The first `items` items of a measure, each of them answered, add up to at least `low` and less than `below`."""

    measure: str
    items: int
    low: int
    below: int | None = None

    def found(self, case: Case) -> Found:
        if self.measure not in case.measures:
            return None
        scores = [case.score(self.measure, str(item)) for item in range(1, self.items + 1)]
        given = [score for score in scores if score is not None]
        return (self.measure,) if len(given) == self.items and within(sum(given), self.low, self.below) else None

    def reads(self) -> Reads:
        yield from ()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a measure is at least `low` and less than `below`, whether or not the measure has a total."""

    measure: str
    item: str
    low: int
    below: int | None = None

    def found(self, case: Case) -> Found:
        score = case.score(self.measure, self.item)
        found = score is not None and within(score, self.low, self.below)
        return (item_id(self.measure, self.item),) if found else None

    def reads(self) -> Reads:
        yield from ()


@dataclass(frozen=True, slots=True)
class Fever:
    """A temperature of 38.0 °C (100.4 °F) or more."""

    question: str

    def found(self, case: Case) -> Found:
        for number in case.numbers(self.question):
            if temperature.is_fever(number, case.unit(self.question)):
                return (self.question,)
        return None

    def reads(self) -> Reads:
        yield self.question, frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """Any of the rows of a grid holds any of the codes."""

    grid: str
    rows: frozenset[str]
    codes: frozenset[str]

    def found(self, case: Case) -> Found:
        answered = case.rows(self.grid)
        return (self.grid,) if any(str(answered.get(row)) in self.codes for row in self.rows) else None

    def reads(self) -> Reads:
        yield self.grid, self.rows | self.codes


@dataclass(frozen=True, slots=True)
class Entry:
    """Any entry of a group shows the sign; a window inside is about the birth of that entry."""

    group: str
    sign: Sign

    def found(self, case: Case) -> Found:
        return _all([each for entry in case.entries(self.group) if (each := self.sign.found(entry))])

    def reads(self) -> Reads:
        yield self.group, frozenset()
        yield from self.sign.reads()


@dataclass(frozen=True, slots=True)
class BornWithin:
    """The birth can have been `days` ago or less. An unknown birth counts when `unknown` is set, or a date is odd."""

    days: int
    unknown: bool = True
    shows: tuple[str, ...] = ()

    def found(self, case: Case) -> Found:
        if case.birth is None:
            return self.shows if self.unknown or case.has_odd_births else None
        return self.shows if obstetrics.days_since(case.birth.last, case.today) <= self.days else None

    def reads(self) -> Reads:
        yield from ()


@dataclass(frozen=True, slots=True)
class BornBefore:
    """The birth can have been more than `days` ago. An unknown birth counts."""

    days: int

    def found(self, case: Case) -> Found:
        if case.birth is None:
            return ()
        return () if obstetrics.days_since(case.birth.first, case.today) > self.days else None

    def reads(self) -> Reads:
        yield from ()


@dataclass(frozen=True, slots=True)
class DayBefore:
    """The day given fits and is more than `days` ago. With `holds` False: it is not, or is not known to the day."""

    question: str
    days: int
    holds: bool = True

    def found(self, case: Case) -> Found:
        day = case.day(self.question)
        old = day is not None and obstetrics.days_since(day, case.today) > self.days
        return () if old == self.holds else None

    def reads(self) -> Reads:
        yield self.question, frozenset()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the signs; all that hold are shown."""

    signs: tuple[Sign, ...]

    def found(self, case: Case) -> Found:
        several = []
        for sign in self.signs:  # in a loop of its own: the rules come here 50 times for each page that is saved
            found = sign.found(case)
            if found is not None:
                several.append(found)
        return _all(several) if several else None

    def reads(self) -> Reads:
        for sign in self.signs:
            yield from sign.reads()


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of the signs."""

    signs: tuple[Sign, ...]

    def found(self, case: Case) -> Found:
        several = []
        for sign in self.signs:
            found = sign.found(case)
            if found is None:
                return None
            several.append(found)
        return _all(several)

    def reads(self) -> Reads:
        for sign in self.signs:
            yield from sign.reads()


def _listed(question: str, chosen: frozenset[str]) -> tuple[str, ...]:
    """What shows some codes that were chosen in a list of warning signs, each id once."""
    return tuple(dict.fromkeys([shown(question, code) for code in sorted(chosen)]))


def shown(question: str, code: str) -> str:
    """The id staff see for a code: a listed warning sign is an id of its own, others go by the question."""
    return code if question in LISTS and code.startswith("rf_") else question


def item_id(measure: str, item: str) -> str:
    """What staff see an item of a measure by, such as "phq-9.9"."""
    return f"{measure}.{item}"


def within(number: Decimal | int, low: int | None, below: int | None) -> bool:
    """Whether a number is at least `low` and less than `below`; None is no bound."""
    return (low is None or number >= low) and (below is None or number < below)


def _all(several: list[tuple[str, ...]]) -> Found:
    """The ids of several findings, each once; None when there was no finding."""
    if len(several) < 2:  # noqa: PLR2004 - the usual: nothing to join
        return several[0] if several else None
    return tuple(dict.fromkeys(chain.from_iterable(several)))


def ticked(question: str, *codes: str) -> Ticked:
    """Any of the codes was chosen."""
    return Ticked(question, frozenset(codes))


def other_than(question: str, *codes: str) -> OtherThan:
    """Anything but the codes was chosen or written."""
    return OtherThan(question, frozenset(codes))


def without(question: str, *codes: str) -> Without:
    """None of the codes was chosen."""
    return Without(question, frozenset(codes))


def row(grid: str, rows: tuple[str, ...], *codes: str) -> Row:
    """Any of the rows holds any of the codes."""
    return Row(grid, frozenset(rows), frozenset(codes))


def any_of(*signs: Sign) -> AnyOf:
    """At least one of the signs."""
    return AnyOf(signs)


def all_of(*signs: Sign) -> AllOf:
    """Every one of the signs."""
    return AllOf(signs)
