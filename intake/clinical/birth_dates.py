"""Births whose dates cannot all be right: which, and why. A reason to ask, never one to hold anybody up.

A date that is known to the month or the year counts only where no day it can mean would fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Final

from intake.clinical.obstetrics import DAYS_IN_WEEK, Birth
from intake.forms.problems import N_

# Choices of this product: what is beyond them is a slip of the pen, whatever else it may be.
YOUNGEST: Final = 10  # years of age at a birth
LONGEST_AGO: Final = 50 * 366  # days since a birth
ONE_DELIVERY: Final = 3  # days from the first twin to the last
APART: Final = 150  # days from one delivery to the next: 5 months

PREGNANCY: Final = timedelta(days=280)  # as it is counted, from the last period to the due date
BEGINS: Final = 14  # days after that it begins

ASKED: Final = frozenset({"ob_births", "ob_preg_due", "ob_preg_weeks"})  # what the dates hang on


class Why(StrEnum):
    """Why dates do not fit."""

    TOO_YOUNG = "too-young"
    LONG_AGO = "long-ago"
    TOO_CLOSE = "too-close"
    PREGNANT = "pregnant"


# What she is asked; she can go on without a word.
PROMPTS: Final[Mapping[Why, str]] = {
    Why.TOO_YOUNG: N_("Please check: one date means that you gave birth before you were 10 years old."),
    Why.LONG_AGO: N_("Please check: one date means that you gave birth more than 50 years ago."),
    Why.TOO_CLOSE: N_("Please check: two of the dates are too close together for two births."),
    Why.PREGNANT: N_("Please check: one date is in the time of the pregnancy you have now."),
}
# What staff read; {dates} are those of the births.
STAFF: Final[Mapping[Why, str]] = {
    Why.TOO_YOUNG: N_("%(dates)s: before the patient was 10 years old."),
    Why.LONG_AGO: N_("%(dates)s: more than 50 years ago."),
    Why.TOO_CLOSE: N_("%(dates)s: too close together for two births."),
    Why.PREGNANT: N_("%(dates)s: within the present pregnancy."),
}


@dataclass(frozen=True, slots=True)
class Dated:
    """When a birth was, as far as it is known, and after how many weeks of pregnancy."""

    birth: Birth | None
    weeks: int | None = None


@dataclass(frozen=True, slots=True)
class Misfit:
    """What cannot be, and the births it is about, by their place in the list."""

    why: Why
    births: tuple[int, ...]


def misfits(
    found: Sequence[Dated], *, today: date, born: date | None = None, conceived: date | None = None
) -> tuple[Misfit, ...]:
    """Everything that cannot be about some births; `born` is her own birthday.

    `conceived` is the last day on which the present pregnancy can have begun, where there is one.
    """
    return (*_single(found, today, born, conceived), *_pairs(found))


def conceived(due: Birth | None, weeks: int | None, today: date) -> date | None:
    """The last day on which a pregnancy can have begun, by its due date or else by its weeks; None without either."""
    if due is not None:
        return due.last - PREGNANCY + timedelta(days=BEGINS)
    return None if weeks is None else today - timedelta(days=weeks * DAYS_IN_WEEK - BEGINS)


def _single(found: Sequence[Dated], today: date, born: date | None, begun: date | None) -> Iterator[Misfit]:
    for place, dated in enumerate(found):
        birth = dated.birth
        if birth is None:
            continue
        if born is not None and birth.last < _birthday(born, YOUNGEST):
            yield Misfit(Why.TOO_YOUNG, (place,))
        elif (today - birth.last).days > LONGEST_AGO:
            yield Misfit(Why.LONG_AGO, (place,))
        if begun is not None and birth.first > begun:
            yield Misfit(Why.PREGNANT, (place,))


def _birthday(born: date, years: int) -> date:
    """Who was born on a leap day has a birthday on March 1 in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def _pairs(found: Sequence[Dated]) -> Iterator[Misfit]:
    for (one, first), (other, second) in combinations(enumerate(found), 2):
        if first.birth is None or second.birth is None:
            continue
        earlier, later = sorted((first, second), key=_middle)
        if _is_too_close(earlier, later):
            yield Misfit(Why.TOO_CLOSE, (one, other))


def _middle(dated: Dated) -> int:
    return dated.birth.first.toordinal() + dated.birth.last.toordinal() if dated.birth else 0


def _is_too_close(earlier: Dated, later: Dated) -> bool:
    """Whether they can be neither one delivery nor two, whichever days they were on.

    The later pregnancy began when the earlier one was over, so its weeks lie between them where they are known.
    """
    if earlier.birth is None or later.birth is None:
        return False
    least, most = (later.birth.first - earlier.birth.last).days, (later.birth.last - earlier.birth.first).days
    carried = later.weeks * DAYS_IN_WEEK - BEGINS if later.weeks is not None else 0
    return least > ONE_DELIVERY and most < max(APART, carried)
