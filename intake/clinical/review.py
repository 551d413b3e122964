"""A patient's answers as staff look them over: her words, what is for the room, and what changed since last time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from intake.clinical.confirmed import Confirmed, confirmed, is_unseen
from intake.clinical.entries import Item, entries
from intake.clinical.quotes import OWN_WORDS
from intake.forms import effective, together, words
from intake.forms.conditions import Answer, Answers
from intake.forms.denials import denied
from intake.forms.merge import bare
from intake.forms.model import Form, Kind, Question, Section
from intake.forms.problems import N_
from intake.forms.recall import NOTHING
from intake.forms.recall import Before as Stood
from intake.forms.words import Translate

UNSIGNED = N_("{said} (ticked, not signed: ask at the visit)")
IN_PERSON, DECLINED, SKIPPED = "in-person", "declined", "skipped"


@dataclass(frozen=True, slots=True)
class Earlier:
    """Answers that were handed in before: their form, those that may be compared, and the day."""

    form: Form
    shown: Answers
    on: date


@dataclass(frozen=True, slots=True)
class Before:
    """What was said to the same question last time, in the wording of then."""

    lines: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its answer. `before` is there where it says something that the answer does not.

    `entries` are those of a group, `denied` the options that an answer like "None of these" says no to, and
    `confirmed` the earlier answers that she called right here: `unseen` where the form did not show them to her.
    """

    question: str
    lines: tuple[str, ...]
    status: str
    is_quoted: bool
    before: Before | None = None
    by_one_tap: bool = False
    entries: tuple[tuple[Item, ...], ...] = ()
    denied: tuple[str, ...] = ()
    confirmed: tuple[Confirmed, ...] = ()
    unseen: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether something else was said last time; passing a question over changes nothing."""
        return self.before is not None and self.status != SKIPPED


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to bring up, or to leave alone, in the room; `about` is what the question stands in."""

    question: str
    about: str
    status: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section, or neighbors of one title: what was answered there, and the last moment it was answered at."""

    section: Section
    rows: tuple[Row, ...]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that was asked, in order; `cues` are no gaps."""

    parts: tuple[Part, ...]
    cues: tuple[Cue, ...]

    @property
    def changes(self) -> int:
        """How many answers differ from last time."""
        return sum(row.is_changed for part in self.parts for row in part.rows)

    def only_changes(self) -> tuple[Part, ...]:
        """The parts with nothing in them but what changed."""
        parts = (Part(part.section, tuple(row for row in part.rows if row.is_changed), part.at) for part in self.parts)
        return joined([part for part in parts if part.rows])


def review(
    form: Form, shown: Answers, earlier: Sequence[Earlier] = (), translate: Translate = str, *,
    stood: Stood = NOTHING, unsigned: Collection[str] = (),
) -> Review:  # fmt: skip
    """The review of some answers, of those that may be seen; `earlier` ones, the oldest first, are compared by id.

    `stood` are the answers, of those that may be seen, that a form asks about whether they are still right; `unsigned`
    are agreements without a signature: to tick one is not to agree.
    """
    before = effective.effective([each.shown for each in earlier])
    parts = []
    for section in form.sections:
        asked = [question for question in section.questions() if question.id in shown]
        rows = [
            replace(
                _row(question, shown[question.id], translate, is_unsigned=question.id in unsigned),
                before=_before(question, shown[question.id], before, earlier, translate),
                confirmed=confirmed(form, question, shown[question.id], stood, translate),
                unseen=is_unseen(question, shown[question.id]),
            )
            for question in asked
            if question.kind is not Kind.DISPLAY
        ]
        if rows:
            parts.append(Part(section, tuple(rows), _last(shown[question.id] for question in asked)))
    return Review(joined(parts), tuple(_cues(form, shown, translate)))


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts, with neighbors of one title as one: a reader needs one heading for them, and one way there."""
    found: list[Part] = []
    for part in parts:
        if found and found[-1].section.title == part.section.title:
            last = found.pop()
            at = max((each.at for each in (last, part) if each.at), default=None)
            found.append(Part(last.section, last.rows + part.rows, at))
        else:
            found.append(part)
    return tuple(found)


def _row(question: Question, answer: Answer, translate: Translate, *, is_unsigned: bool) -> Row:
    status = _status(answer)
    is_quoted = question.kind in OWN_WORDS and status == "given"
    said = lines(question, answer, translate)
    if is_unsigned and status == "given":
        said = tuple(ticked(line, translate) for line in said)
    return Row(
        translate(question.text), said, status, is_quoted,
        by_one_tap=together.MARK in answer, entries=entries(question, answer, translate),
        denied=denied(question, answer, translate),
    )  # fmt: skip


def _status(answer: Answer) -> str:
    """How a question was answered; some offer "in person" among their options."""
    return IN_PERSON if answer.get("value") == IN_PERSON else str(answer.get("status", "given"))


def ticked(line: str, translate: Translate = str) -> str:
    """An agreement on a paper that bears no signature, in words."""
    return translate(UNSIGNED).format(said=line)


def lines(question: Question, answer: Answer, translate: Translate = str) -> tuple[str, ...]:
    """An answer in words: a line for each entry of a group, else one."""
    if question.kind is Kind.GROUP and "value" in answer:
        return tuple(words.entry(question, item, translate) for item in answer["value"] if item)
    return (words.say(question, answer, translate),)


def _before(
    question: Question,
    answer: Answer,
    before: dict[str, tuple[Answer, int]],
    earlier: Sequence[Earlier],
    translate: Translate,
) -> Before | None:
    """What was given last time where it differs. What she would not say, now or then, is not held against it.

    Whether something is still right is asked about another day each time, and the days of a diary are its own.
    """
    said, index = before.get(question.id, ({}, 0))
    now_silent = _status(answer) in {DECLINED, IN_PERSON}
    is_of_its_day = bool(question.recall) or question.log
    if "value" not in said or is_of_its_day or now_silent or bare(said) == bare(answer):
        return None
    then = earlier[index]
    return Before(lines(then.form.by_id[question.id], said, translate), then.on)


def _last(answers: Iterator[Answer]) -> datetime | None:
    moments = [datetime.fromisoformat(answer["at"]) for answer in answers if answer.get("at")]
    return max(moments, default=None)


def _cues(form: Form, shown: Answers, translate: Translate) -> Iterator[Cue]:
    for question in form.questions():
        answer = shown.get(question.id, {})
        if (status := _status(answer)) in {IN_PERSON, DECLINED}:
            yield Cue(translate(question.text), "", status)
        if question.kind is Kind.GROUP and "value" in answer:
            yield from _cues_inside(question, answer["value"], translate)


def _cues_inside(group: Question, entries: Sequence[Answers], translate: Translate) -> Iterator[Cue]:
    for child in group.questions:
        said = {entry[child.id].get("status", "") for entry in entries if child.id in entry}
        for status in (IN_PERSON, DECLINED):
            if status in said:
                yield Cue(translate(child.text), translate(group.text), status)
