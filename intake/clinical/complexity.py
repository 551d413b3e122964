"""How complex an evaluation was: the lowest of three parts decides. It helps the therapist, who decides.

Low: no personal factor or comorbidity, one or two elements examined, a stable presentation. Moderate: one or two, three
or more, evolving. High: three or more, four or more, unstable.
"""

from __future__ import annotations

LEVELS = ("low", "moderate", "high")
PERSONAL = ("0", "1-2", "3+")
ELEMENTS = ("1-2", "3", "4+")
PRESENTATION = ("stable", "evolving", "unstable")


def level(personal: str | None, elements: str | None, presentation: str | None) -> str | None:
    """One of "low", "moderate" and "high"; None while one of the three is not recorded."""
    given = ((PERSONAL, personal), (ELEMENTS, elements), (PRESENTATION, presentation))
    if any(code not in codes for codes, code in given):
        return None
    return LEVELS[min(codes.index(str(code)) for codes, code in given)]
