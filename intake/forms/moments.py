"""When a word was said: an answer by its own mark, what was on paper on the day that is written there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from intake.forms.conditions import Answer, Answers
from intake.forms.merge import PAPER


def said_at(answer: Answer, form_at: datetime) -> datetime:
    """When it was said, of an answer in a form that was said at `form_at`.

    The marks of what staff typed in from paper tell when that was typed, so they tell nothing here.
    """
    at = answer.get("at")
    return form_at if not at or answer.get("by") == PAPER else datetime.fromisoformat(at)


def on_paper(filled_on: date, zone: ZoneInfo, hour: time = time.min) -> datetime:
    """When a paper form was filled in: as the day began, so that what was typed on a screen that day is newer.

    Nobody wrote the hour down: who must not be wrong about it looks at the end of the day too.
    """
    return datetime.combine(filled_on, hour, zone)


def as_of(answers: Answers, filled_on: date | None) -> Answers:
    """The answers with the day that stands on their paper as their mark, for what is reckoned from when they were said.

    Those that came from no paper, which has no such day, stay as they are.
    """
    if filled_on is None:
        return answers
    at = datetime.combine(filled_on, time(12), UTC).isoformat()
    return {name: {**said, "at": at} if said.get("by") == PAPER else said for name, said in answers.items()}


def last(answers: Iterable[Answer], form_at: datetime) -> datetime:
    """When the newest of the answers was said; that of the form where none bears a mark.

    A form may wait for days until it is handed in, and nothing is said by that.
    """
    return max((said_at(answer, form_at) for answer in answers if "at" in answer), default=form_at)


def is_older(one: datetime, than: datetime) -> bool:
    """Whether it came first. Marks count whole seconds, so nothing finer is told apart."""
    return one < than and one.replace(microsecond=0) < than.replace(microsecond=0)
