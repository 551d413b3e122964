"""What fills the gaps of a warning message: the birth date as it is known, and the numbers the clinic gives out."""

from __future__ import annotations

from datetime import date

from intake.clinical.obstetrics import birth_words
from intake.clinical.triage import latest_birth
from intake.forms.conditions import Answers
from intake.forms.problems import N_
from intake.web import clock
from intake.web.say import translated


def values(answers: Answers, born: date | None = None) -> dict[str, str]:
    """{date}, {emergency}, {crisis}, {maternal} and {violence}; `born` is her own birthday."""
    clinic, latest = clock.clinic(), latest_birth(answers, clock.today(), born)
    return {
        "date": birth_words(latest) or translated(N_("the day, or about how many weeks ago")),
        "emergency": clinic.emergency if clinic else "911",
        "crisis": clinic.crisis if clinic else "988",
        "maternal": clinic.maternal if clinic else "",
        "violence": clinic.violence if clinic else "",
    }
