"""The table of rules: when answers mean an emergency, a call today, or something to talk about.

E, S and D are the clinical rules; P marks those that are a choice of this product. One entry is one rule: a
later one needs an entry in its table (emergencies, calls_today, visit_topics), a message in messages.toml and
a test. S14 is what is left of the warning signs once the rules at S and above have taken theirs, so the
engine works it out. E9, S11 and S12 speak of violence: they stand in safety.py, and never here. Sources are
with the messages, and docs/red-flags.md shows it all (`make rules`).

Where a rule leaves room, it is read on the safe side, and no answer takes away what another one raised:

E3, S2: a blood pressure dated more than 14 days ago is P2, for the therapist, and neither of them. One dated
about a year ago or longer counts as of an unknown day: so far off lies what was mistyped.
E4: being confused counts as told in the mood section, too.
E6: bipolar disorder or psychosis among the health conditions is a history like `md_hx`; "not sure" is none.
E7: both legs weak or numb, told with the pain questions, is E7 by itself; weak legs alone in the first check
are S14.
E8: a bulge that keeps her from peeing is E8 besides S7. Overflow is a leak all the time from a bladder that
does not empty, or one without notice from a bladder that is not felt.
S1b: a racing mind, or hardly sleeping without being tired, stays S1b beside E6.
S3, E3, D7, D8, D11: without a date of birth, or with dates that do not fit, the window holds.
S7: pain, bleeding and not being able to pee count wherever they are told, heavy bleeding among them.
S9 also shows beside chest or breathing signs (E2).
D1, D10: the first two items of a PHQ-9 are a PHQ-2. D10 also holds for who cannot sleep when there is time.
D6: a new leak of stool is P6, too: a call today.
D7: bleeding after 8 weeks is late unless periods are back. Bleeding that grows, or is late or back and
heavier than a period, is P9: a call today.
D8: it is raised only where a pregnancy could come about, and whether or not one is wished for.
D11: each of its signs alone is shown to the therapist.
D12: bleeding without a known cause is any that is heavy, late, back again, after sex, at a bulge or from the
bowel. A possible infection that is no answer about one (S4, S5) says itself that internal work has to wait.
D12, D13: "not sure" about an implant or an infection counts.
D13: bleeding in a pregnancy counts like a low placenta or waters that broke early, and so does "no exam" told
with the information about exams. Whether somebody can give consent at all is asked in the room, with the
evaluation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from intake.clinical.triage.calls_today import CALLS_TODAY
from intake.clinical.triage.emergencies import EMERGENCIES
from intake.clinical.triage.signs import Sign
from intake.clinical.triage.visit_topics import VISIT_TOPICS


class Severity(IntEnum):
    """How soon a person needs care: now, today, or at the visit."""

    DISCUSS = 1
    SAME_DAY = 2
    EMERGENCY = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """Raised when its sign is found, whatever other rules say."""

    id: str
    severity: Severity
    sign: Sign


RULES: Final = (
    *(Rule(name, Severity.EMERGENCY, sign) for name, sign in EMERGENCIES.items()),
    *(Rule(name, Severity.SAME_DAY, sign) for name, sign in CALLS_TODAY.items()),
    *(Rule(name, Severity.DISCUSS, sign) for name, sign in VISIT_TOPICS.items()),
)
