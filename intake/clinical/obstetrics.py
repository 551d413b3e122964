"""Births: how long ago they were, which was the latest, what a tear is called, whether the counts add up."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from intake.clinical.values import value
from intake.forms.conditions import Answers
from intake.forms.problems import N_
from intake.forms.words import day

DAYS_IN_WEEK: Final = 7
DECEMBER: Final = 12
WRITTEN: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)

TEARS: Final = {
    "none": "No tear",
    "graze": "Graze, or labial tear",
    "first": "1st degree: skin only",
    "second": "2nd degree: perineal muscles, anal sphincter whole",
    "third-a": "3a: less than half the thickness of the external anal sphincter",
    "third-b": "3b: more than half the thickness of the external anal sphincter",
    "third-c": "3c: external and internal anal sphincter",
    "third-unsure": "3rd degree, not known which: anal sphincter",
    "fourth": "4th degree: anal sphincter and anorectal lining",
    "not-sure": "Not sure",
    "no-vaginal-birth": "No vaginal birth",
}
SPHINCTER_INJURIES: Final = ("third-a", "third-b", "third-c", "third-unsure", "fourth")

COUNTS_DIFFER = N_("The numbers of your pregnancies do not quite add up. You can go back for one more look, or go on.")
CHILD_WITHOUT_BIRTH = N_("You counted a child but no birth yet. You can go back for one more look, or go on.")
COUNTS = ("ob_g", "ob_t", "ob_p", "ob_a", "ob_l")


@dataclass(frozen=True, slots=True)
class Birth:
    """The first and the last day a birth can have been on; the same day when the whole date is known."""

    first: date
    last: date

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last


def days_since(birth: date, today: date) -> int:
    """Whole days since a birth; negative before it."""
    return (today - birth).days


def weeks_since(birth: date, today: date) -> int:
    """Completed weeks since a birth; negative before it."""
    return days_since(birth, today) // DAYS_IN_WEEK


def birth(written: str) -> Birth | None:
    """The birth behind "2026-05-01", "2026-05" or "2026"; None when it cannot be read as a date."""
    found = WRITTEN.fullmatch(written.strip())
    if found is None:
        return None
    try:
        return _span(int(found[1]), int(found[2] or 0), int(found[3] or 0))
    except ValueError:
        return None


def _span(year: int, month: int, day: int) -> Birth:
    """The days a date can mean, a month or day of 0 being unknown; ValueError when there are none."""
    first = date(year, month or 1, day or 1)
    final_month = month or DECEMBER
    return Birth(first, date(year, final_month, day or monthrange(year, final_month)[1]))


def latest_birth(written: Iterable[str]) -> Birth | None:
    """The days the latest of several births can have been on; dates that cannot be read are left out."""
    return latest(birth(text) for text in written)


def latest(births: Iterable[Birth | None]) -> Birth | None:
    """The days the latest of several births can have been on; what is not known is left out."""
    known = [found for found in births if found]
    if not known:
        return None
    return Birth(max(each.first for each in known), max(each.last for each in known))


def birth_words(birth: Birth | None) -> str:
    """The birth as exactly as it is known: "May 3, 2026", "May 2026", "2026"; empty when nothing is."""
    if birth is None:
        return ""
    known = 10 if birth.exact else 7 if birth.first.month == birth.last.month else 4
    return day(birth.first.isoformat()[:known])


def tear_label(code: str) -> str:
    """What staff read for a tear; the code itself when it is not in the list.

    3a and above injure the anal sphincter (OASI); grades after Sultan, as used by RCOG and ACOG.
    """
    return TEARS.get(code, code)


def is_sphincter_injury(code: str) -> bool:
    """Whether the tear reaches the anal sphincter (3a and above)."""
    return code in SPHINCTER_INJURIES


def parity_mismatch(
    g: int | None,
    t: int | None,
    p: int | None,
    a: int | None,
    living: int | None,
    *,
    pregnant: bool | None,
) -> str | None:
    """Return a gentle prompt when the counts cannot all be right; None when they can, or one is not given.

    G = T + P + A, and one more in a pregnancy (`pregnant` None: not sure, both are accepted). Twins count
    once in G and in T or P, and twice among the living, so these only have to rest on some birth. A prompt,
    never a reason to hold anyone up.
    """
    if g is None or t is None or p is None or a is None:
        return None
    now = {True: (1,), False: (0,), None: (0, 1)}[pregnant]
    if g - t - p - a not in now:
        return COUNTS_DIFFER
    return CHILD_WITHOUT_BIRTH if living and t + p == 0 else None


def count_prompt(answers: Answers) -> str | None:
    """What to ask her to look at again in the numbers of her pregnancies; None where nothing is odd."""
    g, t, p, a, living = (_count(answers, name) for name in COUNTS)
    pregnant = {"yes": True, "no": False}.get(value(answers, "ob_preg_now"))
    return parity_mismatch(g, t, p, a, living, pregnant=pregnant)


def _count(answers: Answers, name: str) -> int | None:
    given = value(answers, name)
    return int(Decimal(given["number"])) if given else None
