"""The Brink scale of a pelvic floor contraction: squeeze pressure, displacement and duration, 1 to 4 each.

Brink et al., J Gerontol 1994;49:M80-M87. The total is 3 to 12, and there is none while a part was not tested.
"""

from __future__ import annotations

LOWEST, HIGHEST = 1, 4


def total(pressure: int | None, displacement: int | None, duration: int | None) -> int | None:
    """The sum of the three parts; None unless each was graded from 1 to 4."""
    parts = (pressure, displacement, duration)
    graded = [part for part in parts if part is not None and LOWEST <= part <= HIGHEST]
    return sum(graded) if len(graded) == len(parts) else None


def duration_of(seconds: float) -> int:
    """The grade of a contraction that was held so long: 1 none, 2 under a second, 3 up to three, 4 longer."""
    if seconds <= 0:
        return 1
    if seconds < 1:
        return 2
    return 3 if seconds <= 3 else HIGHEST  # noqa: PLR2004 - the bound the scale names
