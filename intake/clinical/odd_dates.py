"""Every date of hers that can hardly be right: what she is asked to look at again, and what staff read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from intake.clinical import birth_dates, due_dates, obstetrics, reading_dates
from intake.clinical.triage import Answers, births, misfits
from intake.clinical.triage.case import DUE, WEEKS, Case, case, due_date, due_misfit
from intake.forms.words import day

READING: Final = "mh_bp_date"
ASKED: Final = birth_dates.ASKED | {READING}  # all the questions that dates hang on


@dataclass(frozen=True, slots=True)
class OddDate:
    """What she is asked, what staff read with {dates}, these dates, and the questions that it hangs on."""

    prompt: str
    staff: str
    dates: str
    asked: frozenset[str]


def odd_dates(answers: Answers, today: date, born: date | None = None) -> tuple[OddDate, ...]:
    """What is odd about the dates among some answers; `born` is her own birthday, where it is known."""
    said = case(answers, today, born=born)
    return (*_births(answers, today, born), *_due(said), *_reading(said))


def for_staff(answers: Answers, today: date, born: date | None = None) -> tuple[tuple[str, str], ...]:
    """The same in words for staff with {dates}, and those dates."""
    return tuple((each.staff, each.dates) for each in odd_dates(answers, today, born))


def _births(answers: Answers, today: date, born: date | None) -> Iterator[OddDate]:
    written = [obstetrics.birth_words(birth) for birth in births(answers)]
    for misfit in misfits(answers, today, born):
        dates = " · ".join(written[place] for place in misfit.births)
        yield OddDate(birth_dates.PROMPTS[misfit.why], birth_dates.STAFF[misfit.why], dates, birth_dates.ASKED)


def _due(said: Case) -> Iterator[OddDate]:
    due = due_date(said)
    if due is not None and (why := due_misfit(said)):
        dates = obstetrics.birth_words(due)
        yield OddDate(due_dates.PROMPTS[why], due_dates.STAFF[why], dates, frozenset({DUE, WEEKS}))


def _reading(said: Case) -> Iterator[OddDate]:
    taken = said.written(READING)
    if taken is not None and said.is_long_ago(READING):
        dates = day(taken.isoformat())
        yield OddDate(reading_dates.PROMPT, reading_dates.STAFF, dates, frozenset({READING}))
