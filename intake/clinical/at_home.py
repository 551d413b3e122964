"""Whether somebody may be asked about safety at home in her own form, away from the clinic. In doubt she is not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from intake.clinical.values import value
from intake.forms.conditions import Answers
from intake.forms.needs import settled

ADULT: Final = 18  # years; younger, it is asked in the clinic: what must be told to others is another matter there
# What she has to have said since she came in: that she is alone on a device nobody else checks, and answers herself.
PRIVATE: Final[Mapping[str, str]] = {"pre_private": "yes", "pre_who": "me"}
# What she has to have said last, in any form: nobody else knows the way in. Where her form asks it, she has come to it.
SAID: Final[Mapping[str, str]] = {"id_portal_shared": "no"}
# What, where she said anything about it at all, must not be anything else: she signs for herself.
NOT_OTHERWISE: Final[Mapping[str, str]] = {"cons_minor": "self"}


def is_private(just_said: Answers) -> bool:
    """Whether she has just said that she is alone and answers for herself."""
    return all(value(just_said, name) == code for name, code in PRIVATE.items())


def may_be_asked(
    just_said: Answers, told: Answers, here: Answers, *, asks: Collection[str], born: date, today: date
) -> bool:
    """Whether all of it holds.

    `just_said` are the answers given since she came in, in this browser, with the link she came in with; `told` her
    newest words over all her forms; `here` what counts in this form, and `asks` what it asks.
    """
    known = all(value(told, name) == code for name, code in SAID.items())
    pending = any(name in asks and value(here, name) != code for name, code in SAID.items())
    otherwise = any(settled(told.get(name)) and value(told, name) != code for name, code in NOT_OTHERWISE.items())
    return is_private(just_said) and known and not pending and not otherwise and age(born, today) >= ADULT


def age(born: date, today: date) -> int:
    """Whole years. Whoever was born on February 29 is a year older on March 1 of other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
