"""What a patient's last signed note says to a question of a new one: shown beside it, taken over one value at a time.

What is taken over is marked on the answer, and stays unreviewed until its author edits it or says that it is still
right. Consent, whatever only a consent opens, and "within normal limits" are never carried forward: each is true of one
day alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from intake.forms.conditions import Answer
from intake.forms.measured import numbers
from intake.forms.merge import CARRIED, bare
from intake.forms.model import Form, Kind, Page, Question, When

CONSENT: Final = "consent"
# Sections that are about an internal examination, whatever opens them in a form of the clinic's own.
INTERNAL: Final = frozenset({"internal", "popq", "vaginal", "rectal", "perineum"})
SKIPPED: Final = "skipped"
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
class How:
    """The position or the method of a number: the answer to a question then, or the words of its form.

    `name` is the question that tells it today; empty where none can tell the same.
    """

    name: str = ""
    question: Question | None = None
    answer: Answer = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, slots=True)
class Newer:
    """A later note that says why it has no value."""

    note: UUID
    visit_at: datetime
    question: Question
    answer: Answer


@dataclass(frozen=True, slots=True)
class Last:
    """The last value given to a question, and the note it stands in. `fits`: it can stand as an answer as it is.

    `how` a number was measured belongs to it; `newer` is what the newest note says in place of a value.
    """

    note: UUID
    visit_at: datetime
    question: Question
    answer: Answer
    fits: bool
    is_added_to: bool = False
    how: tuple[How, ...] = ()
    newer: Newer | None = None


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
    newer: dict[str, Newer] = {}
    for note in earlier:
        for name in (wanted & note.answers.keys()) - of_its_day(note.form):
            asked, was, answer = form.by_id[name], note.form.by_id[name], note.answers[name]
            # A value never comes to a question that more people may read.
            if was.tier.rank > asked.tier.rank:
                continue
            if "value" in answer:
                how = tuple(_how(form, note, name))
                found[name] = Last(
                    note.note, note.visit_at, was, answer, _fits(asked, was), note.is_added_to, how, newer.get(name)
                )
            elif answer.get("status", SKIPPED) != SKIPPED:
                newer.setdefault(name, Newer(note.note, note.visit_at, was, answer))
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


def _measured_on(form: Form, name: str) -> Page | None:
    """The page of a question that is, or holds, a number somebody measured."""
    pages = form.section_of[name].pages
    return next((page for page in pages if any(question.id == name for question in numbers(page))), None)


def is_measured(form: Form, name: str) -> bool:
    """Whether a question is, or holds, a number that can be measured again."""
    return name in form.by_id and _measured_on(form, name) is not None


def _how(form: Form, note: Earlier, name: str) -> Iterator[How]:
    """How a number of an earlier note was measured, as far as the page of today does not say the same itself."""
    then = _measured_on(note.form, name)
    if then is None:
        return
    today = _measured_on(form, name) or Page("", ())
    for words, same in ((then.position, today.position), (then.method, today.method)):
        if words and words != same:
            yield How(words=words)
    for told_by, there in ((then.position_from, today.position_from), (then.method_from, today.method_from)):
        answer = note.answers.get(told_by, {})
        if "value" in answer:
            was, asked = note.form.by_id[told_by], form.by_id.get(there)
            tells = asked is not None and _fits(asked, was) and was.tier.rank <= asked.tier.rank
            yield How(there if tells else "", was, answer)


def is_otherwise(last: Last, answers: Mapping[str, Answer]) -> bool:
    """Whether the page says another position or method than those of the last value, or cannot say the same."""
    return any(
        not each.name or (_is_said(answers, each.name) and not _is_same(answers, each.name, each.answer["value"]))
        for each in last.how
    )


def together(last: Last, answers: Mapping[str, Answer], *, at: datetime) -> dict[str, Answer]:
    """The position and method of the last value as answers of today, where the page does not say them yet."""
    mark = _mark(last, at)
    return {
        each.name: {"value": each.answer["value"], CARRIED: mark}
        for each in last.how
        if each.name and not _is_said(answers, each.name)
    }


def _is_said(answers: Mapping[str, Answer], name: str) -> bool:
    answer = answers.get(name, {})
    return "value" in answer or answer.get("status", SKIPPED) != SKIPPED


def _is_same(answers: Mapping[str, Answer], name: str, value: object) -> bool:
    return bool(answers.get(name, {}).get("value") == value)


def taken(last: Last, *, at: datetime) -> dict[str, Any]:
    """The last value as an answer of today, marked with where it comes from, how it was measured, and since when."""
    how = {each.name: each.answer["value"] for each in last.how if each.name}
    return {"value": last.answer["value"], CARRIED: _mark(last, at) | ({"how": how} if how else {})}


def _mark(last: Last, at: datetime) -> dict[str, Any]:
    return {"note": str(last.note), "on": last.visit_at.isoformat(), "at": at.isoformat(timespec="seconds")}


def measured_otherwise(answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The questions whose numbers were taken over and stand under another position or method than they were made in."""
    return tuple(
        name
        for name, answer in answers.items()
        if any(not _is_same(answers, each, value) for each, value in answer.get(CARRIED, {}).get("how", {}).items())
    )


def still_right(answer: Answer, *, at: datetime) -> dict[str, Any]:
    """An answer that was taken over, looked at by its author and found to be true today."""
    return {**(bare(answer) or {}), CARRIED: {**answer[CARRIED], "right": at.isoformat(timespec="seconds")}}


def is_carried(answer: Answer) -> bool:
    """Whether it was taken over from an earlier note and not edited since."""
    return CARRIED in answer


def origins(name: str, answers: Mapping[str, Answer], signed: Callable[[str], Mapping[str, Answer]]) -> Iterator[str]:
    """The notes that an answer was taken over from: the one it is marked with, then those that one had it from.

    `signed` gives the answers of a note by its id, and is asked only for those further back.
    """
    found: set[str] = set()
    while (mark := answers.get(name, {}).get(CARRIED)) and mark["note"] not in found:
        found.add(mark["note"])
        yield mark["note"]
        answers = signed(mark["note"])


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
