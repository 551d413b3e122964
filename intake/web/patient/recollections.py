"""What she said in an earlier form, shown to her again beside the question whether it is still right."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from intake.forms import recall
from intake.forms.merge import bare
from intake.forms.model import Kind, Question
from intake.forms.recall import Said
from intake.forms.words import entry, say
from intake.security import tokens
from intake.web import clock, keyed
from intake.web.patient.steps import Intake
from intake.web.say import translated

READ = "recollection"


@dataclass(frozen=True, slots=True)
class Recollection:
    """What was said on a day, as (question, lines); without any it is only said that something was."""

    on: date
    rows: Sequence[tuple[str, Sequence[str]]] = ()


def of_page(intake: Intake, questions: Iterable[Question]) -> Mapping[str, list[Recollection]]:
    """{question: what it asks about, oldest first}. A clinic can leave the words out."""
    return {each.id: _of(intake, each, in_words=intake.reads(each)) for each in questions if each.recall}


def mark(intake: Intake, questions: Iterable[Question]) -> str:
    """What tells whether a page asks about the same as when it was opened; it says nothing to whoever reads it.

    An answer can be corrected or taken out while it is open, and "still right" then speaks of what was there.
    """
    about = [(each.id, intake.reads(each), _asked_about(intake, each)) for each in questions if each.recall]
    return tokens.keyed_hash(keyed.secret(), READ, json.dumps(about, sort_keys=True)) if about else ""


def _asked_about(intake: Intake, still: Question) -> list[Any]:
    found = recall.recalled(intake.form, still, intake.before)
    return [(said.question.id, said.said_at.isoformat(), bare(said.answer)) for said in found]


def _of(intake: Intake, still: Question, *, in_words: bool) -> list[Recollection]:
    found = sorted(recall.recalled(intake.form, still, intake.before), key=_day)
    days = [(day, list(said)) for day, said in groupby(found, key=_day)]
    if not in_words:
        return [Recollection(day) for day, _said in days[-1:]]
    return [Recollection(day, [_row(each) for each in said]) for day, said in days]


def _day(said: Said) -> date:
    return said.said_at.astimezone(clock.zone()).date()


def _row(said: Said) -> tuple[str, list[str]]:
    question, answer = said.question, said.answer
    lines = (
        [entry(question, item, translated) for item in answer["value"]]
        if question.kind is Kind.GROUP
        else [say(question, answer, translated)]
    )
    return translated(question.text), [line for line in lines if line]
