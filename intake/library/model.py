"""Exercises, doses and handout topics as data. The TOML files next door are read into these classes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

PAIN_LIMIT = 3  # 0 to 10: green is 0 to 2, and the lower edge of yellow is still allowed
DOSE_BOUNDS = {
    "sets": (1, 5),
    "reps": (1, 30),
    "hold_s": (0, 60),
    "rest_s": (0, 300),
    "freq_day": (1, 5),
    "days_week": (1, 7),
    "duration_wk": (1, 52),
    "pain_limit_nprs": (0, 10),
}
DOSE_LABELS = {
    "sets": "Sets",
    "reps": "Repeats",
    "hold_s": "Hold (seconds)",
    "rest_s": "Rest (seconds)",
    "freq_day": "Times a day",
    "days_week": "Days a week",
    "duration_wk": "Weeks",
    "pain_limit_nprs": "Pain limit (0 to 10)",
}
CAUTIONS = {
    "open-wound": "a wound that is open or not fully closed",
    "infection": "an infection",
    "heavy-bleeding": "heavy bleeding",
    "unexplained-bleeding": "bleeding with no known cause",
    "under-6-weeks": "less than 6 weeks since birth and not cleared",
    "under-12-weeks": "less than 12 weeks since birth",
    "pregnant": "pregnant, until your provider has agreed",
    "deep-tear": "a 3rd or 4th degree tear, until your specialist has agreed",
    "recent-repair": "a recent repair",
    "overactive-floor": "a pelvic floor that does not let go",
    "catheter": "a catheter in place",
    "pubic-pain": "pain at the front of the pelvis",
    "keloid-history": "scars that grow thick (keloid), until you have asked",
    "no-sensation": "no feeling in the area",
    "pelvic-cancer": "cancer in the pelvis",
    "internal-declined": "no internal work wanted, or not now",
}


class Position(StrEnum):
    """How the body is placed; `task` is a movement of daily life."""

    LYING = "lying"
    SIDE = "side"
    SIT = "sit"
    ALL_FOURS = "all-fours"
    STAND = "stand"
    TASK = "task"


class Tier(StrEnum):
    """The library's disclosure tiers: what is sensitive prints apart, and only if the patient asks."""

    CARE = "care"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """How much of an exercise: seconds, times a day, days a week, weeks, and pain from 0 to 10."""

    sets: int
    reps: int
    hold_s: int
    rest_s: int
    freq_day: int
    days_week: int
    duration_wk: int
    pain_limit_nprs: int = PAIN_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One exercise with its usual dose. `not_if` holds codes of CAUTIONS, `figure` a drawing's id."""

    id: str
    name: str
    position: Position
    cue: str
    steps: tuple[str, ...]
    effort: str
    sets: int
    reps: int
    hold_s: int
    rest_s: int
    speed: str
    breath: str
    freq_day: int
    days_week: int
    duration_wk: int
    pain_limit_nprs: int = PAIN_LIMIT
    progress_rule: str
    regress_rule: str
    stop_rule: str
    why: str
    not_if: tuple[str, ...] = ()
    minutes: int
    figure: str = ""
    tier: Tier = Tier.CARE
    source: str
    checked: date

    @property
    def dose(self) -> Dose:
        """The usual dose, for a plan to start from."""
        return Dose(
            sets=self.sets,
            reps=self.reps,
            hold_s=self.hold_s,
            rest_s=self.rest_s,
            freq_day=self.freq_day,
            days_week=self.days_week,
            duration_wk=self.duration_wk,
            pain_limit_nprs=self.pain_limit_nprs,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a worksheet: a heading and the lines to fill in or rate."""

    title: str
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One handout. `to_confirm` lists, for staff only, what a clinician has yet to sign off."""

    id: str
    title: str
    tier: Tier
    card: str
    points: tuple[str, ...]
    limits: tuple[str, ...]
    sources: tuple[str, ...]
    checked: date
    columns: tuple[Column, ...] = ()
    to_confirm: tuple[str, ...] = ()


def dose_problems(dose: Dose) -> tuple[str, ...]:
    """Why this dose cannot be prescribed, one sentence a reason; empty when it can.

    The upper ends of rest and weeks are our own; the others are those of the prescription schema.
    """
    problems = [
        f"{DOSE_LABELS[name]}: choose {low} to {high}."
        for name, (low, high) in DOSE_BOUNDS.items()
        if not low <= getattr(dose, name) <= high
    ]
    if dose.rest_s < dose.hold_s:
        problems.append(f"{DOSE_LABELS['rest_s']}: rest at least as long as the hold ({dose.hold_s}).")
    return tuple(problems)


def dose_words(dose: Dose) -> str:
    """Plain English: "3 sets of 8, hold 5 seconds, rest 5 seconds, 2 times a day, 6 days a week".

    What is zero, or has nothing to repeat, is left out.
    """
    phrases = (_amount(dose), _hold(dose), _rest(dose), _times_a_day(dose.freq_day), _days(dose.days_week))
    return ", ".join(phrase for phrase in phrases if phrase)


def _amount(dose: Dose) -> str:
    if dose.sets > 1:
        return f"{dose.sets} sets of {dose.reps}"
    if dose.reps > 1:
        return f"1 set of {dose.reps}"
    return "1 time" if dose.hold_s else ""


def _hold(dose: Dose) -> str:
    return f"hold {_seconds(dose.hold_s)}" if dose.hold_s else ""


def _rest(dose: Dose) -> str:
    repeats = dose.sets > 1 or dose.reps > 1
    return f"rest {_seconds(dose.rest_s)}" if dose.rest_s and repeats else ""


def _seconds(count: int) -> str:
    return "1 second" if count == 1 else f"{count} seconds"


def _times_a_day(count: int) -> str:
    return "once a day" if count == 1 else f"{count} times a day"


def _days(count: int) -> str:
    everyday = 7
    if count == everyday:
        return "every day"
    return "1 day a week" if count == 1 else f"{count} days a week"
