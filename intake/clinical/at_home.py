"""Whether somebody may be asked about safety at home in her own form, away from the clinic. In doubt she is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from intake.clinical.values import value
from intake.forms.conditions import Answers

ADULT: Final = 18  # years; younger, it is asked in the clinic: what must be told to others is another matter there
# What she has to have said since she came in: that she is alone on a device nobody else checks, and answers herself.
PRIVATE: Final[Mapping[str, str]] = {"pre_private": "yes", "pre_who": "me"}
# What, where she said anything about it at all, must not be anything else: she signs for herself, and nobody else
# knows the way in.
NOT_OTHERWISE: Final[Mapping[str, str]] = {"cons_minor": "self", "id_portal_shared": "no"}


def may_be_asked(just_said: Answers, said: Answers, *, born: date, today: date) -> bool:
    """Whether all of it holds; `just_said` are the answers given since she came in, with the link she came in with."""
    private = all(value(just_said, name) == code for name, code in PRIVATE.items())
    otherwise = any(value(said, name) not in {None, code} for name, code in NOT_OTHERWISE.items())
    return private and not otherwise and age(born, today) >= ADULT


def age(born: date, today: date) -> int:
    """Whole years. Whoever was born on February 29 is a year older on March 1 of other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
