"""Grades of muscle strength: the manual muscle test and the Modified Oxford scale, with plus and minus.

They are an order and no numbers: one can be told to be lower than another, and nothing is averaged.
"""

from __future__ import annotations

GRADES = ("0", "1", "1+", "2-", "2", "2+", "3-", "3", "3+", "4-", "4", "4+", "5")


def rank(grade: str | None) -> int | None:
    """Where a grade stands in the order, from 0; None for none, and for what is no grade."""
    return GRADES.index(grade) if grade in GRADES else None


def weaker(left: str | None, right: str | None) -> str | None:
    """The weaker side, "left" or "right", or "equal"; None unless both were graded."""
    first, second = rank(left), rank(right)
    if first is None or second is None:
        return None
    if first == second:
        return "equal"
    return "left" if first < second else "right"
