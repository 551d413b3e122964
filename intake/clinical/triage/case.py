"""What the rules look at: the answers that were given, today, and when the latest birth can have been."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final

from intake.clinical import obstetrics
from intake.clinical.obstetrics import Birth

MAPPING: Final = (dict, Mapping)  # asking for the usual kind first spares the slow question
SEQUENCE: Final = (list, tuple, Sequence)
LONGEST_AGO: Final = 50 * 366  # days since a birth; a choice of this product
SEVERAL: Final = (*SEQUENCE, *MAPPING)
BIRTHS: Final = "ob_births"
NO_CODES: Final[frozenset[str]] = frozenset()
LONGEST: Final = 9  # digits before the point; no answer is a larger number

Answers = Mapping[str, Mapping[str, Any]]
Measures = Mapping[str, Mapping[str, int | None]]  # "phq-9" -> {"1": 0, …, "9": None}; None: not answered
NO_MEASURES: Final[Measures] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Case:
    """One set of answers (a form's, or those of one entry in a group), the birth they are about, and the measures."""

    answers: Answers
    today: date
    birth: Birth | None = None
    measures: Measures = field(default_factory=dict)
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

    def day(self, question: str) -> date | None:
        """The day given, when it is a whole date."""
        birth = obstetrics.birth(str(self.value(question) or ""))
        return birth.first if birth and birth.exact else None

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


def case(answers: Answers, today: date, measures: Measures = NO_MEASURES) -> Case:
    """The case a form's answers make, with its latest birth."""
    births = _cases(_value(answers.get(BIRTHS)), today)
    return Case(answers, today, obstetrics.latest(each.birth for each in births), measures, {BIRTHS: births})


def latest_birth(answers: Answers) -> Birth | None:
    """The days the latest birth of the group `ob_births` can have been on; None when no date was given."""
    return obstetrics.latest(each.birth for each in Case(answers, date.min).entries(BIRTHS))


def birth_date(answers: Answers) -> date | None:
    """The day of the latest birth; the first possible day when only its month or year was given."""
    birth = latest_birth(answers)
    return birth.first if birth else None


def _cases(entries: object, today: date) -> tuple[Case, ...]:
    if entries is None or isinstance(entries, str) or not isinstance(entries, SEQUENCE):
        return ()
    return tuple([Case(each, today, _birth(each, today)) for each in entries if isinstance(each, MAPPING)])


def _birth(entry: Answers, today: date) -> Birth | None:
    """When a birth was; None where no date was given, and where nobody can have given birth then: a mistyped year."""
    written = _value(entry.get("birth_date"))
    found = obstetrics.birth(str(written)) if written else None
    return found if found and obstetrics.days_since(found.last, today) <= LONGEST_AGO else None


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
