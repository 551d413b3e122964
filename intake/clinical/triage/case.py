"""What the rules look at: the answers that were given, today, and when the latest birth can have been."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final

from intake.clinical import birth_dates, due_dates, obstetrics, reading_dates
from intake.clinical.birth_dates import Dated, Misfit
from intake.clinical.obstetrics import Birth

MAPPING: Final = (dict, Mapping)  # asking for the usual kind first spares the slow question
SEQUENCE: Final = (list, tuple, Sequence)
SEVERAL: Final = (*SEQUENCE, *MAPPING)
BIRTHS: Final = "ob_births"
DUE, WEEKS = "ob_preg_due", "ob_preg_weeks"
NO_CODES: Final[frozenset[str]] = frozenset()
LONGEST: Final = 9  # digits before the point; no answer is a larger number

Answers = Mapping[str, Mapping[str, Any]]
Measures = Mapping[str, Mapping[str, int | None]]  # "phq-9" -> {"1": 0, …, "9": None}; None: not answered
NO_MEASURES: Final[Measures] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Case:
    """One set of answers (a form's, or those of one entry in a group), the birth they are about, and the measures.

    `has_odd_births` where the date of a birth does not fit: it counts as none, and is no reason to close anything.
    """

    answers: Answers
    today: date
    birth: Birth | None = None
    measures: Measures = field(default_factory=dict)
    has_odd_births: bool = False
    # Rules look at the same answers over and over.
    _entries: dict[str, tuple[Case, ...]] = field(default_factory=dict, repr=False, compare=False)
    _codes: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _numbers: dict[str, tuple[Decimal, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def value(self, question: str) -> object:
        """The answer given; None when it was declined, skipped, kept for the visit or not reached."""
        return _value(self.answers.get(question))

    def codes(self, question: str) -> frozenset[str]:
        """The codes chosen: of a choice, of choices, or the marked regions of a map."""
        known = self._codes.get(question)
        if known is None:
            known = self._codes[question] = _chosen(_value(self.answers.get(question)))
        return known

    def rows(self, grid: str) -> Mapping[str, Any]:
        """The answered rows of a grid."""
        value = self.value(grid)
        return value if value is not None and isinstance(value, MAPPING) else {}

    def numbers(self, question: str) -> tuple[Decimal, ...]:
        """Every number in the answer: of a scale, a number with unit, a code such as "2", or a whole grid."""
        known = self._numbers.get(question)
        if known is None:
            known = self._numbers[question] = tuple(_numbers(self.value(question)))
        return known

    def unit(self, question: str) -> str:
        """The unit a number was given in; empty when none was."""
        return str(self.rows(question).get("unit", ""))

    def written(self, question: str) -> date | None:
        """The day given, when it is a whole date."""
        found = obstetrics.birth(str(self.value(question) or ""))
        return found.first if found and found.exact else None

    def said(self, question: str) -> date:
        """The day on which the answer was given; today when it bears no mark."""
        answer = self.answers.get(question)
        at = answer.get("at") if isinstance(answer, MAPPING) else None
        return datetime.fromisoformat(at).date() if at else self.today

    def is_long_ago(self, question: str) -> bool:
        """Whether the day given for a reading can hardly be right."""
        taken = self.written(question)
        return taken is not None and reading_dates.is_long_ago(taken, said=self.said(question))

    def day(self, question: str) -> date | None:
        """The day of a reading. One that can hardly be right is none, so that no window closes on it."""
        return None if self.is_long_ago(question) else self.written(question)

    def score(self, measure: str, item: str) -> int | None:
        """What one item of a measure was given; None when it was not answered, or the measure not asked."""
        given = self.measures.get(measure, {}).get(item)
        return given if isinstance(given, int) else None

    def entries(self, group: str) -> tuple[Case, ...]:
        """A case for each entry of a group, about the birth of that entry."""
        known = self._entries.get(group)
        if known is None:
            known = self._entries[group] = _cases(self.value(group), self.today)
        return known


def case(answers: Answers, today: date, measures: Measures = NO_MEASURES, born: date | None = None) -> Case:
    """The case a form's answers make, with its latest birth; `born` is her own birthday, where it is known."""
    odd = {place for misfit in misfits(answers, today, born) for place in misfit.births}
    found = _cases(_value(answers.get(BIRTHS)), today)
    births = tuple([Case(each.answers, today) if place in odd else each for place, each in enumerate(found)])
    return Case(answers, today, _latest(births, today), measures, bool(odd), {BIRTHS: births})


def misfits(answers: Answers, today: date, born: date | None = None) -> tuple[Misfit, ...]:
    """What cannot be about the dates of her births. The rules take such a date for none, so that their windows hold."""
    whole = Case(answers, today)
    births = [Dated(each.birth, _weeks(each, "birth_ga_weeks")) for each in whole.entries(BIRTHS)]
    if not any(each.birth for each in births):
        return ()
    return birth_dates.misfits(births, today=today, born=born, conceived=_conceived(whole))


def births(answers: Answers) -> tuple[Birth | None, ...]:
    """When each birth was, by the dates as they are written."""
    return tuple(each.birth for each in Case(answers, date.min).entries(BIRTHS))


def latest_birth(answers: Answers, today: date, born: date | None = None) -> Birth | None:
    """The days the latest birth of the group `ob_births` can have been on; None when no date was given.

    None as well where dates do not fit: any of them may be the latest.
    """
    return None if misfits(answers, today, born) else obstetrics.latest(births(answers))


def _latest(births: Sequence[Case], today: date) -> Birth | None:
    """The days the latest can have been on. One whose date nobody knows may have been any day since the others."""
    known = obstetrics.latest(each.birth for each in births)
    if known is None or all(each.birth or not each.answers for each in births):
        return known
    return Birth(known.first, max(known.last, today))


def _conceived(whole: Case) -> date | None:
    if whole.codes("ob_preg_now").isdisjoint({"yes"}):
        return None
    due = None if due_misfit(whole) else due_date(whole)
    return birth_dates.conceived(due, _weeks(whole, WEEKS), whole.said(WEEKS))


def due_date(whole: Case) -> Birth | None:
    """The days the present pregnancy can be due, as it is written."""
    return obstetrics.birth(str(whole.value(DUE) or ""))


def due_misfit(whole: Case) -> due_dates.Why | None:
    """Why the due date cannot be right; None when it can, and when there is none."""
    due, weeks = due_date(whole), _weeks(whole, WEEKS)
    counted = None if weeks is None else due_dates.by_weeks(weeks, whole.said(WEEKS))
    return due_dates.misfit(due, said=whole.said(DUE), counted=counted) if due else None


def _weeks(said: Case, question: str) -> int | None:
    return next((int(number) for number in said.numbers(question)), None)


def _cases(entries: object, today: date) -> tuple[Case, ...]:
    if entries is None or isinstance(entries, str) or not isinstance(entries, SEQUENCE):
        return ()
    return tuple([Case(each, today, _birth(each)) for each in entries if isinstance(each, MAPPING)])


def _birth(entry: Answers) -> Birth | None:
    written = _value(entry.get("birth_date"))
    return obstetrics.birth(str(written)) if written else None


def _value(answer: object) -> object:
    if answer is None or not isinstance(answer, MAPPING) or "status" in answer:
        return None
    value = answer.get("value")
    return None if isinstance(value, str) and not value.strip() else value


def _chosen(value: object) -> frozenset[str]:
    if value is None:
        return NO_CODES
    if isinstance(value, (str, bool)):  # text is a sequence, too
        return frozenset((_code(value),))
    return frozenset([_code(each) for each in value]) if isinstance(value, SEVERAL) else NO_CODES


def _code(value: object) -> str:
    """Yes-no questions may arrive as booleans from an exchange; the codes are words."""
    if value is True or value is False:
        return "yes" if value else "no"
    return str(value)


def _numbers(value: object) -> Iterator[Decimal]:
    if value is None:
        return
    if isinstance(value, MAPPING):
        for inner in [value["number"]] if "number" in value else value.values():
            yield from _numbers(inner)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            return
        if number.is_finite() and number.adjusted() < LONGEST:
            yield number
