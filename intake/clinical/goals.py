"""Goals over time: how each one stands, from the notes of a patient, and what a goal must not say.

A goal keeps its number from note to note; the newest words on it hold. Goals about sex and closeness are counted by
themselves, since fewer people may see them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from intake.clinical.coding.diagnoses import Remark
from intake.clinical.values import number, value
from intake.forms.conditions import Answers, given
from intake.forms.problems import N_

CARE, CLOSE = "goal", "goal_close"
NAMES: Final = {CARE: "goal_", CLOSE: "gc_"}  # how the questions of a group begin
PARTS = ("text", "measure", "baseline", "target", "due")
ENDED: Final = frozenset({"met", "not-met", "stopped"})
NEW = "new"
# Words that make a goal one about sex; and what such a goal never is: to please somebody, or to do it so often.
ABOUT_SEX: Final = re.compile(
    r"\b(sex\w*|intercourse|penetrat\w+|orgasm\w*|libido|arous\w+|desire|intima\w+|dyspareunia)\b", re.IGNORECASE
)
TO_PLEASE: Final = re.compile(
    r"\b(satisf\w+|pleas(e|es|ing|ure)|keep\w*|for|make|makes)\b[^.]{0,20}"
    r"\b(partner|husband|wife|spouse|boyfriend|girlfriend|him|them)\b",
    re.IGNORECASE,
)
HOW_OFTEN: Final = re.compile(
    r"\b(\d+|once|twice|one|two|three|four|five|several)\W*(x|times?)?\W*(a|an|per|each|every|/)\s*"
    r"(day|night|week|weekend|month|year)\b|\b(daily|weekly|monthly|every (day|night|week|weekend|month))\b",
    re.IGNORECASE,
)

PLEASING = N_("A goal about sex is what the patient wants for themselves, never to please a partner. Write it again.")
COUNTING = N_("A goal about sex is never how often. Write what will be possible, or how it will feel.")
ELSEWHERE = N_(
    "This reads as a goal about sex. In the patient\u2019s words it belongs to "
    " \u201cGoals about sex and closeness\u201d."
)


@dataclass(frozen=True, slots=True)
class Step:
    """What one note said of a goal: where it stands now, and how it goes. `source` is the note."""

    on: date
    status: str
    now: str
    source: Any = None


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal as its newest note says it, and every word on how it goes, oldest first."""

    number: int
    text: str
    measure: str
    baseline: str
    target: str
    due: date | None
    steps: tuple[Step, ...]

    @property
    def status(self) -> str:
        """How it went last; "new" until a note says more."""
        return next((step.status for step in reversed(self.steps) if step.status), NEW)

    @property
    def now(self) -> str:
        """Where it stood last."""
        return next((step.now for step in reversed(self.steps) if step.now), "")

    @property
    def is_open(self) -> bool:
        """Whether it is still worked on."""
        return self.status not in ENDED

    def is_overdue(self, today: date) -> bool:
        """Whether its day is over while it is open; on the day itself there is still time."""
        return self.is_open and self.due is not None and self.due < today


@dataclass(frozen=True, slots=True)
class Source:
    """A signed note: the day of its visit, what it says, and what a page needs to link to it."""

    on: date
    answers: Answers
    note: Any = None


def over_time(notes: Iterable[Source], group: str = CARE) -> tuple[Goal, ...]:
    """The goals of a patient, in the order of their numbers. Of one day the later in the list is the newer."""
    found: dict[int, dict[str, Any]] = {}
    steps: dict[int, list[Step]] = {}
    for source in sorted(notes, key=lambda each: each.on):
        for key, entry in _entries(source.answers, group, found):
            found[key] = {**found.get(key, {}), **{part: said for part, said in entry.items() if said is not None}}
            steps.setdefault(key, []).append(
                Step(source.on, entry.get("status") or "", entry.get("now") or "", source.note)
            )
    return tuple(_goal(key, found[key], steps[key]) for key in sorted(found))


def _goal(key: int, entry: Mapping[str, Any], steps: Sequence[Step]) -> Goal:
    due = entry.get("due")
    text, measure, baseline, target = (entry.get(part) or "" for part in PARTS[:-1])
    return Goal(key, text, measure, baseline, target, date.fromisoformat(due) if due else None, tuple(steps))


def _entries(
    answers: Answers, group: str, before: Mapping[int, Mapping[str, Any]]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The goals of a note with their numbers. One without a number is known by its words, or new."""
    prefix, used = NAMES[group], set(before)
    for entry in given(answers.get(group)) or ():
        said = {part: value(entry, prefix + part) for part in (*PARTS, "status", "now")}
        key = _number(entry, prefix) or _same_words(said["text"], before) or _next(used)
        used.add(key)
        if said["text"] or key in before:
            yield key, said


def _number(entry: Answers, prefix: str) -> int | None:
    found = number(entry, f"{prefix}number")
    return None if found is None else int(found)


def _same_words(text: str | None, before: Mapping[int, Mapping[str, Any]]) -> int | None:
    return next((key for key, goal in before.items() if text and _plain(goal.get("text")) == _plain(text)), None)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


def _next(used: Iterable[int]) -> int:
    return max(used, default=0) + 1


def numbered(answers: Answers, group: str, before: Iterable[Goal]) -> dict[str, Any] | None:
    """The answer to the group with a number for each goal that has none; None where there is nothing to add.

    One whose words an earlier note has gets its number, any other one the next that no goal of the patient ever had.
    """
    answer, prefix = answers.get(group), NAMES[group]
    entries = given(answer) or []
    if answer is None or all(not entry or _number(entry, prefix) for entry in entries):
        return None
    known = {goal.number: {"text": goal.text} for goal in before}
    used = {*known, *(found for entry in entries if (found := _number(entry, prefix)))}
    taken = {found for entry in entries if (found := _number(entry, prefix))}
    whole = []
    for entry in entries:
        if not entry or _number(entry, prefix):
            whole.append(entry)
            continue
        same = _same_words(value(entry, f"{prefix}text"), known)
        key = same if same is not None and same not in taken else _next(used)
        used.add(key)
        taken.add(key)
        whole.append({**entry, f"{prefix}number": {"value": {"number": str(key)}}})
    return {**answer, "value": whole}


def remarks(answers: Answers) -> Iterator[Remark]:
    """What a goal says and had better not, field by field."""
    for group, prefix in NAMES.items():
        for index, entry in enumerate(given(answers.get(group)) or ()):
            words = " ".join(value(entry, f"{prefix}{part}") or "" for part in ("text", "measure", "target"))
            is_about = group == CLOSE or ABOUT_SEX.search(words) is not None
            name = f"{group}.{index}.{prefix}text"
            if is_about and TO_PLEASE.search(words):
                yield Remark(name, PLEASING)
            if is_about and HOW_OFTEN.search(words):
                yield Remark(name, COUNTING)
            if is_about and group == CARE:
                yield Remark(name, ELSEWHERE)
