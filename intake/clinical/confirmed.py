"""What a patient called right: her earlier answers in the words of then, since "still right" alone says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intake.forms import recall, words
from intake.forms.conditions import Answer, given
from intake.forms.denials import denied
from intake.forms.model import Form, Kind, Question, Tier
from intake.forms.recall import Before, Said
from intake.forms.words import Translate


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One earlier answer that she called right, in words, when it was given, and what it says no to."""

    question: str
    lines: tuple[str, ...]
    said_at: datetime
    tier: Tier
    denied: tuple[str, ...] = ()


def confirmed(
    form: Form, still: Question, answer: Answer, stood: Before, translate: Translate = str
) -> tuple[Confirmed, ...]:
    """What she was asked about and called right; nothing where she said that it changed, or said nothing."""
    if not still.recall or given(answer) != recall.RIGHT:
        return ()
    found = (_worded(said, translate) for said in recall.recalled(form, still, stood))
    return tuple(each for each in found if each.lines)


def is_unseen(still: Question, answer: Answer) -> bool:
    """Whether she called right what the form did not show her in words: she says that nothing changed, no more."""
    return bool(still.recall) and given(answer) == recall.RIGHT and recall.UNREAD in answer


def _worded(said: Said, translate: Translate) -> Confirmed:
    question, answer = said.question, said.answer
    if question.kind is Kind.GROUP:
        found = [words.entry(question, item, translate) for item in answer["value"]]
    else:
        found = [words.say(question, answer, translate)]
    no = denied(question, answer, translate)
    return Confirmed(translate(question.text), tuple(filter(None, found)), said.said_at, said.tier, no)
