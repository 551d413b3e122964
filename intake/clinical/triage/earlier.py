"""Warning signs in answers to a part of a form, read together with what was said before."""

from __future__ import annotations

from datetime import date

from intake.clinical.triage.case import Answers
from intake.clinical.triage.flags import Flag, triage
from intake.forms import conditions, effective
from intake.forms.model import Form
from intake.forms.needs import settled


def triage_over(
    form: Form, known: Answers, answers: Answers, *, today: date, born: date | None = None
) -> tuple[Flag, ...]:
    """The flags that new answers raise, alone or together with earlier ones: the newest word on each question counts.

    What the earlier answers raise by themselves has its flag already. `answers` are those that are shown of `form`.
    """
    if not known:
        return triage(answers, today=today, born=born)
    lasting = _lasting(form, known, answers)
    before = frozenset(triage(lasting, today=today, born=born))
    return tuple(flag for flag in triage({**answers, **lasting}, today=today, born=born) if flag not in before)


def _lasting(form: Form, known: Answers, answers: Answers) -> Answers:
    """The earlier answers that new ones neither take the place of nor hide."""
    shown = conditions.visible(form, effective.answers([known, answers]))
    return {
        name: said
        for name, said in known.items()
        if not settled(answers.get(name)) and (name in shown or name not in form.by_id)
    }
