"""What a patient's last signed note says to a question of a new one: shown beside it, taken over one value at a time.

What is taken over is marked on the answer, and stays unreviewed until its author edits it or says that it is still
right. Consent, whatever only a consent opens, and "within normal limits" are never carried forward: each is true of one
day alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from intake.forms.conditions import Answer
from intake.forms.merge import CARRIED, bare
from intake.forms.model import Form, Kind, Question, When

CONSENT: Final = "consent"
# Sections that are about an internal examination, whatever opens them in a form of the clinic's own.
INTERNAL: Final = frozenset({"internal", "popq", "vaginal", "rectal", "perineum"})
NORMAL: Final = frozenset({"wnl"})  # "examined, within normal limits" is said anew each time


@dataclass(frozen=True, slots=True)
class Earlier:
    """A signed note as it was signed: its id, the moment of its visit, and what its reader may see of it."""

    note: UUID
    visit_at: datetime
    form: Form
    answers: Mapping[str, Answer]
    is_added_to: bool = False


@dataclass(frozen=True, slots=True)
class Last:
    """The last value given to a question, and the note it stands in. `fits`: it can stand as an answer as it is."""

    note: UUID
    visit_at: datetime
    question: Question
    answer: Answer
    fits: bool
    is_added_to: bool = False


@lru_cache(maxsize=64)
def of_its_day(form: Form) -> frozenset[str]:
    """The questions whose answers are never carried forward: consent, and what hangs on one however indirectly."""
    found: set[str] = set()
    for section in form.sections:
        is_kept_out = section.id.startswith(CONSENT) or section.id in INTERNAL or _hangs(section.when, found)
        for page in section.pages:
            out = is_kept_out or _hangs(page.when, found)
            found |= {q.id for q in page.questions if out or _is_of_its_day(q) or _hangs(q.when, found)}
    return frozenset(found)


def _is_of_its_day(question: Question) -> bool:
    return question.kind in {Kind.DISPLAY, Kind.CONSENT} or question.codes == NORMAL


def _hangs(when: When, found: set[str]) -> bool:
    return any(condition.question in found for condition in when.conditions)


def last_values(form: Form, earlier: Iterable[Earlier]) -> dict[str, Last]:
    """{question: the value that the newest note which has one gives it}; `earlier` newest first, read while needed."""
    out = of_its_day(form)
    wanted = {question.id for question in form.questions()} - out
    found: dict[str, Last] = {}
    for note in earlier:
        for name in (wanted & note.answers.keys()) - of_its_day(note.form):
            asked, was, answer = form.by_id[name], note.form.by_id[name], note.answers[name]
            # A value never comes to a question that more people may read.
            if "value" in answer and was.tier.rank <= asked.tier.rank:
                found[name] = Last(note.note, note.visit_at, was, answer, _fits(asked, was), note.is_added_to)
        wanted -= found.keys()
        if not wanted:
            break
    return found


def _fits(asked: Question, was: Question) -> bool:
    """Whether an answer to the one can stand as an answer to the other: the words may differ, the values may not."""
    return _values(asked) == _values(was)


def _values(question: Question) -> tuple[object, ...]:
    return (
        *(question.id, question.kind, question.other, question.codes, question.not_sure, question.map, question.rated),
        *(question.minimum, question.maximum, question.step, question.decimals, question.past, question.time),
        *(question.max_length, question.maximum_entries, frozenset(row.code for row in question.rows)),
        tuple((unit.code, unit.minimum, unit.maximum) for unit in question.units),
        tuple(map(_values, question.columns)),
        tuple(map(_values, question.questions)),
    )


def taken(last: Last, *, at: datetime) -> dict[str, Any]:
    """The last value as an answer of today, marked with where it comes from and when it was taken over."""
    mark = {"note": str(last.note), "on": last.visit_at.isoformat(), "at": at.isoformat(timespec="seconds")}
    return {"value": last.answer["value"], CARRIED: mark}


def still_right(answer: Answer, *, at: datetime) -> dict[str, Any]:
    """An answer that was taken over, looked at by its author and found to be true today."""
    return {**(bare(answer) or {}), CARRIED: {**answer[CARRIED], "right": at.isoformat(timespec="seconds")}}


def is_carried(answer: Answer) -> bool:
    """Whether it was taken over from an earlier note and not edited since."""
    return CARRIED in answer


def is_unreviewed(answer: Answer) -> bool:
    """Whether it was taken over, and nobody has looked whether it is still right."""
    return is_carried(answer) and "right" not in answer[CARRIED]


def unreviewed(answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The questions whose answers were taken over and not reviewed, in their order."""
    return tuple(name for name, answer in answers.items() if is_unreviewed(answer))


def changed(form: Form, answers: Mapping[str, Answer], lasts: Mapping[str, Last]) -> dict[str, Last]:
    """{question: the value before} for the questions whose value differs from the last one."""
    return {
        name: last
        for name, last in lasts.items()
        if name in form.by_id and "value" in answers.get(name, {}) and answers[name]["value"] != last.answer["value"]
    }
