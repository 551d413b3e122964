"""Warning signs in answers to a part of a form, read together with what was said before."""

from __future__ import annotations

from datetime import date

from intake.clinical.triage.case import Answers
from intake.clinical.triage.flags import Flag, triage


def triage_over(known: Answers, answers: Answers, *, today: date) -> tuple[Flag, ...]:
    """The flags that new answers raise, alone or together with earlier ones.

    What the earlier answers raise by themselves has its flag already. `answers` are those that are shown.
    """
    if not known:
        return triage(answers, today=today)
    before = frozenset(triage({name: said for name, said in known.items() if name not in answers}, today=today))
    return tuple(flag for flag in triage({**known, **answers}, today=today) if flag not in before)
