"""Timed units: how many of each timed procedure code a day's minutes come to, under the rule of the payer.

The CMS rule (Medicare Claims Processing Manual, chapter 5, section 20.2) counts all timed minutes of a day together
and then deals the units out. The AMA midpoint rule looks at each code by itself. Minutes of untimed codes belong to
neither.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

UNIT = 15  # minutes
HALF = 8  # minutes: more than half of a unit, in whole minutes


def bill(minutes: Mapping[str, int], rule: str, chosen: Collection[str] = ()) -> dict[str, int]:
    """Units of each timed code, in the order given; 0 for a code whose minutes do not come to one.

    `minutes` maps codes to whole minutes of one day, `rule` is "cms" or "ama". Of codes that are tied for the last
    unit, those the therapist has `chosen` come first. ValueError for another rule and for minutes that are no whole
    number from 0 on.
    """
    for code, spent in minutes.items():
        if isinstance(spent, bool) or not isinstance(spent, int) or spent < 0:
            message = f"{spent!r} are no minutes of {code}"
            raise ValueError(message)
    if rule == "ama":
        return {code: _units(spent) for code, spent in minutes.items()}
    if rule == "cms":
        return _dealt_out(minutes, chosen)
    message = f"there is no rule {rule!r}"
    raise ValueError(message)


def tied(minutes: Mapping[str, int]) -> tuple[str, ...]:
    """The codes among which the therapist may choose who gets the last unit under the CMS rule; empty without a tie."""
    left, spare = _left_over(minutes)
    ranked = sorted((spent % UNIT for spent in minutes.values()), reverse=True)
    if not 0 < left < len(ranked) or ranked[left - 1] != ranked[left]:
        return ()
    return tuple(code for code in minutes if spare[code] == ranked[left])


def _units(spent: int) -> int:
    return 0 if spent < HALF else (spent + UNIT - HALF) // UNIT


def _left_over(minutes: Mapping[str, int]) -> tuple[int, dict[str, int]]:
    """How many units are left once each code has its full ones, and the minutes of each code beyond those."""
    full = sum(spent // UNIT for spent in minutes.values())
    return _units(sum(minutes.values())) - full, {code: spent % UNIT for code, spent in minutes.items()}


def _dealt_out(minutes: Mapping[str, int], chosen: Collection[str]) -> dict[str, int]:
    """Full units first; what is left goes one each to the largest remainders.

    Among equals to those that are chosen, then to more minutes in all.
    """
    left, spare = _left_over(minutes)
    found = {code: spent // UNIT for code, spent in minutes.items()}
    for code in sorted(minutes, key=lambda each: (-spare[each], each not in chosen, -minutes[each]))[:left]:
        found[code] += 1
    return found
