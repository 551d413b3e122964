"""What was changed as a transcript was put right: question by question, the old words and the new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from intake.clinical.review import lines
from intake.forms.conditions import Answer, Answers
from intake.forms.merge import bare
from intake.forms.model import Form, Kind, Question
from intake.forms.needs import settled
from intake.forms.words import Translate


@dataclass(frozen=True, slots=True)
class Change:
    """One question with what stood there and what stands there now; no line where nothing did."""

    question: str
    before: tuple[str, ...]
    now: tuple[str, ...]


def changes(form: Form, before: Answers, now: Answers, translate: Translate = str) -> Iterator[Change]:
    """The questions that say something else, in the order of the form. To be left blank and not to be asked is one."""
    for question in form.questions():
        old, new = (answers.get(question.id, {}) for answers in (before, now))
        is_said = [settled(each) for each in (old, new)]
        if question.kind is not Kind.DISPLAY and any(is_said) and bare(old) != bare(new):
            yield Change(translate(question.text), *_words(question, old, new, translate))


def _words(
    question: Question, old: Answer, new: Answer, translate: Translate
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stood there and what stands there now; of several entries those that differ, each with its number."""
    before, now = (lines(question, each, translate) if settled(each) else () for each in (old, new))
    if question.kind is not Kind.GROUP or max(len(before), len(now)) == 1:
        return before, now
    left, right = _numbered(before, now), _numbered(now, before)
    return (left, right) if left or right else (before, now)  # a word between them that no line shows


def _numbered(own: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{number}. {line}" for number, line in enumerate(own, 1) if line not in other)
