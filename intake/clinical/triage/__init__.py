"""Warning signs in answers: which rules are raised, how urgent they are, and what each says to whom."""

from intake.clinical.triage.case import Answers, Measures, births, latest_birth, misfits
from intake.clinical.triage.flags import Flag, reads, triage, unanswered
from intake.clinical.triage.messages import Message, message
from intake.clinical.triage.rules import Severity

__all__ = [
    "Answers",
    "Flag",
    "Measures",
    "Message",
    "Severity",
    "births",
    "latest_birth",
    "message",
    "misfits",
    "reads",
    "triage",
    "unanswered",
]
