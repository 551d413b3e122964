"""What fills the gaps of a warning message: the birth date as it is known, and the numbers the clinic gives out."""

from __future__ import annotations

from intake.clinical.obstetrics import birth_words
from intake.clinical.triage import latest_birth
from intake.forms.conditions import Answers
from intake.forms.problems import N_
from intake.web import clock
from intake.web.say import translated


def values(answers: Answers) -> dict[str, str]:
    """{date}, {emergency}, {crisis}, {maternal} and {violence}."""
    clinic = clock.clinic()
    return {
        "date": birth_words(latest_birth(answers)) or translated(N_("say the date")),
        "emergency": clinic.emergency if clinic else "911",
        "crisis": clinic.crisis if clinic else "988",
        "maternal": clinic.maternal if clinic else "",
        "violence": clinic.violence if clinic else "",
    }
