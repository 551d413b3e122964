"""What one measurement came to, in numbers and in words. Where the rule gives no number, the words say why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from intake.clinical.measures import Score, of_total, score, table
from intake.clinical.measures.reading import Given
from intake.clinical.measures.table import Measure
from intake.forms.problems import N_

SELF_HARM: Final = {"phq-9": "9", "epds": "10"}  # the items that act alone, whatever the total says


@dataclass(frozen=True, slots=True)
class Result:
    """One measurement. `score` is None where the rule gives nothing; `key` stands for what was asked on that day.

    `place` is the one it has among all that came in, so that of one moment the later one is the newer; `source` is
    whatever the caller knows the measurement by.
    """

    measure: Measure
    at: datetime
    given: Given
    score: Score | None
    place: int = 0
    source: Any = None

    @property
    def turn(self) -> tuple[datetime, int]:
        """What stands before it is older, everywhere."""
        return self.at, self.place

    @property
    def total(self) -> int | float | None:
        """The total, where there is one."""
        return self.score.total if self.score is not None else None

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody typed in a total, so that nobody can count it again."""
        return self.given.total is not None

    @property
    def answered(self) -> int:
        """How many items have a number."""
        return sum(each is not None for each in self.given.items.values())

    @property
    def is_listed(self) -> bool:
        """Whether it asks about as many things as the patient lists herself, so that no item of it is missing."""
        return self.measure.total is not None and self.measure.total.listed

    @property
    def key(self) -> tuple[str, ...] | None:
        """What the total is about: two are compared only when that is the same. None where nobody knows it."""
        names = tuple(sorted(name.casefold() for name in self.given.names))
        return None if self.is_listed and (not names or "" in names) else names

    def is_about_the_same_as(self, other: Result) -> bool:
        """Whether the two totals can be compared."""
        return self.key is not None and self.key == other.key

    @property
    def skipped(self) -> bool:
        """Whether the item about self-harm has no answer, which is no "no"."""
        item = SELF_HARM.get(self.measure.id)
        return item is not None and not self.is_by_hand and self.given.items.get(item) is None

    @property
    def unseen(self) -> bool:
        """Whether the item about self-harm cannot be told from what was typed in."""
        return self.measure.id in SELF_HARM and self.is_by_hand


def result(measure: str, given: Given, at: datetime, *, place: int = 0, source: Any = None) -> Result:
    """What some numbers come to; a total nobody can have counts for nothing."""
    found = table.measures()[measure]
    if given.total is None:
        return Result(found, at, given, score(measure, given.items), place, source)
    try:
        return Result(found, at, given, of_total(measure, given.total), place, source)
    except ValueError:
        return Result(found, at, given, None, place, source)


def notes(found: Result) -> Iterator[tuple[str, dict[str, object]]]:
    """What has to be said beside the number: English texts with their %(name)s parts."""
    if found.is_by_hand:
        yield N_("Total typed in by hand; its items are not on file."), {}
    elif found.total is None:
        yield from _no_total(found)
    elif found.score is not None and found.score.prorated:
        text = N_("Scaled up from %(answered)s of %(items)s items; it clears no warning sign.")
        yield text, {"answered": found.answered, "items": len(found.measure.items)}
    if found.score is not None and not found.score.interpretable:
        yield N_("Not interpretable: most of it was answered with no activity, so no cut-off holds for it."), {}
    if found.is_by_hand and found.measure.judged is not None:
        yield N_("Without its items nobody can say whether a cut-off holds for it, so it is compared with nothing."), {}
    if found.key is None:
        yield N_("What was rated has no name here, so it is compared with nothing."), {}
    if found.skipped:
        yield N_("The item about self-harm has no answer. That is no “no”: ask in person."), {}
    if found.unseen:
        yield N_("The item about self-harm is not on file. Look at the sheet, or ask."), {}


def _no_total(found: Result) -> Iterator[tuple[str, dict[str, object]]]:
    scale, all_items = found.measure.total, len(found.measure.items)
    if scale is None:
        yield N_("This measure has parts and no total."), {}
        return
    said: dict[str, object] = {"answered": found.answered, "items": all_items}
    if scale.items and scale.least < len(scale.items):
        text = N_("No total: %(answered)s of %(items)s items are there, and it takes %(least)s.")
        yield text, {**said, "least": scale.least}
    elif scale.of:
        yield N_("No total: %(answered)s of %(items)s items are there, too few in one of its parts."), said
    else:
        yield N_("No total: %(answered)s of %(items)s items are there, and no rule makes up for the rest."), said


def newest_first(results: Iterable[Result]) -> list[Result]:
    """The newest first; of two of one moment the one that came in last."""
    return sorted(results, key=lambda each: each.turn, reverse=True)
