"""What became of Quinn Specimen in sixteen weeks: each visit with its note and its measures, all of it invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from intake.cli.demo import people
from intake.cli.demo.answers import Typed

NAME = "Quinn Specimen"
WEEKS = 16  # before today, the first visit was
PROCEDURES = (("97161", "Evaluation, low complexity", False, "140.00"), ("97110", "Exercises", True, "45.00"))
PAYER = "Example Health Plan"
LONG_AFTER = timedelta(days=4)  # when a note is written that is late
WHY_LATE = {"late_reason": "Away ill from the day after the visit.", "late_source": "records"}
NEXT_DAY = timedelta(days=1)  # when something is added to a signed note
CORRECTION = {"question": "dn_done", "old": "hold 6 s", "new": "hold 5 s", "reason": "Slip of the pen."}
ADDENDUM = {"text": "Called today: no soreness after the new exercises.", "readers": "everybody"}
FORGOTTEN = {
    "text": "Also practised: getting up from the floor with the baby in one arm, 5 times.",
    "reason": "Left out when the note was written.",
    "source": "memory",
    "readers": "everybody",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit so many weeks after the first: what the note says, and the scored numbers of each measure."""

    week: int
    kind: str = "daily-note"
    says: Typed = field(default_factory=dict)
    measures: dict[str, tuple[int, ...]] = field(default_factory=dict)
    is_late: bool = False
    added: dict[str, dict[str, str]] = field(default_factory=dict)

    def day(self, today: date) -> date:
        """Its date."""
        return today - timedelta(weeks=WEEKS - self.week)


def billed(minutes: int, total: int, code: str = "97110") -> Typed:
    """What stands under procedures and minutes."""
    return {
        "pr.count": "1",
        "pr.0.pr_code": code,
        "pr.0.pr_minutes": str(minutes) if minutes else "",
        "pr_total": str(total),
        "pr_payer": PAYER,
    }


def daily(change: str, report: str, pain: int, done: str, response: str, plan: str) -> Typed:
    """What a daily note says."""
    return {
        "dn_change": change,
        "dn_report": report,
        "dn_pain": str(pain),
        "co_exam_type": ["none"],
        "dn_done": done,
        "dn_response": response,
        "dn_justification": "Cueing and progression by a therapist.",
        "dn_next": plan,
        **billed(40, 45),
    }


def leaks(often: int, much: int, bother: int) -> tuple[int, ...]:
    """ICIQ-UI SF: how often, how much, and how much it is in the way."""
    return often, much, bother


VISITS = (
    Visit(
        0,
        "evaluation",
        billed(0, 50, "97161"),
        {"iciq-ui-sf": leaks(4, 4, 7), "nprs": (6,), "psfs": (2, 4), "phq-2": (1, 0), "gad-2": (1, 1)},
    ),
    Visit(
        2,
        says=daily(
            "same",
            "\u201cI forget the exercises on bad nights.\u201d",
            6,
            "Pelvic floor contractions, lying: 3 sets of 6, hold 4 s.",
            "Could do it without holding the breath.",
            "Sitting, if it goes well.",
        ),
    ),
    Visit(
        5,
        says=daily(
            "better",
            "Two dry days this week.",
            4,
            "Contractions, sitting: 3 sets of 8, hold 6 s. Scar massage taught.",
            "No pain during or after.",
            "Standing, and the squeeze before a cough.",
        ),
        measures={"iciq-ui-sf": leaks(3, 4, 5), "nprs": (4,)},
        added={"corrections": CORRECTION},
    ),
    Visit(
        8,
        says=daily(
            "better",
            "Lifted the car seat without a leak.",
            3,
            "Squats and floor lifts with 5 kg: 3 sets of 8.",
            "Tired, no heaviness.",
            "First minutes of running.",
        ),
        is_late=True,
    ),
    Visit(
        11,
        says=daily(
            "mixed",
            "A cold: leaked when coughing on three days.",
            3,
            "Squeeze before a cough, in standing and while bending. Run and walk, 5 times 1 minute.",
            "No leak, no heaviness.",
            "Run and walk, longer.",
        ),
        measures={"iciq-ui-sf": leaks(2, 2, 4), "nprs": (2,)},
        added={"late-entries": FORGOTTEN},
    ),
    Visit(
        15,
        says=daily(
            "better",
            "\u201cI ran for the bus and thought of nothing.\u201d",
            1,
            "Run and walk, 5 times 3 minutes. Jumps: 2 sets of 10.",
            "No leak, no heaviness, no pain.",
            "Twenty minutes of running.",
        ),
        measures={"iciq-ui-sf": leaks(1, 2, 1), "nprs": (1,), "psfs": (7, 8), "groc": (5,)},
        added={"addenda": ADDENDUM},
    ),
)


def note(visit: Visit, today: date) -> Typed:
    """Everything the note of a visit says."""
    if visit.kind == "evaluation":
        return people.consent() | people.findings(visit.day(today)) | visit.says
    return {**visit.says, **(WHY_LATE if visit.is_late else {})}
