"""An answer in words, as people read it on a page or on paper."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from typing import Any

from intake.forms.bodymap import regions
from intake.forms.conditions import Answer
from intake.forms.model import Kind, Question
from intake.forms.problems import N_

Translate = Callable[[str], str]
STATUS_WORDS = {
    "declined": N_("Prefers not to say"),
    "in-person": N_("Would rather say it in person"),
    "skipped": N_("Not answered"),
    "not-examined": N_("Not examined"),
}
REASON_WORDS = {
    "declined": N_("declined"),
    "deferred": N_("deferred"),
    "not-indicated": N_("not indicated"),
    "unable": N_("unable"),
}
ONE_TAP_WORDS = {"yes": N_("Yes"), "no": N_("No"), "not-sure": N_("Not sure")}
YEAR, MONTH = 4, 7
NOON = 12


def say(question: Question, answer: Answer | None, translate: Translate = str) -> str:
    """One line that says the answer; an empty string when the question was never reached."""
    if answer is None:
        return ""
    if "value" not in answer:
        words = translate(STATUS_WORDS[answer["status"]])
        reason = REASON_WORDS.get(answer.get("reason", ""))
        return f"{words}: {translate(reason)}" if reason else words
    return _value(question, answer["value"], translate)


def _value(question: Question, value: Any, translate: Translate) -> str:
    match question.kind:
        case Kind.YES_NO:
            return translate(ONE_TAP_WORDS.get(value, value))
        case Kind.CHOICE | Kind.CONSENT:
            return _option(question, value, translate)
        case Kind.CHOICES:
            return "; ".join(_option(question, item, translate) for item in value)
        case Kind.NUMBER:
            return _number(question, value, translate)
        case Kind.DATE:
            return day(value)
        case Kind.SCALE:
            return f"{value}/{question.maximum}"
        case Kind.GRID:
            return _grid(question, value, translate)
        case Kind.MAP:
            return _map(question, value, translate)
        case Kind.GROUP:
            return " | ".join(entry(question, item, translate) for item in value)
        case _:
            return clock(value) if question.time else str(value)


def _option(question: Question, value: Any, translate: Translate) -> str:
    if isinstance(value, Mapping):
        return str(value["other"])
    texts = {option.code: option.text for option in question.options}
    return translate(texts.get(value, value))


def _number(question: Question, value: Mapping[str, str], translate: Translate) -> str:
    units = {unit.code: unit.text for unit in question.units}
    unit = units.get(value.get("unit", ""), "")
    return f"{value['number']} {translate(unit)}".strip() if unit else value["number"]


def day(value: str) -> str:
    """An ISO date, or a part of one, as "May 3, 2026", "May 2026" or "2026"."""
    if len(value) == YEAR:
        return value
    month = calendar.month_name[int(value[5:7])]
    return f"{month} {value[:4]}" if len(value) == MONTH else f"{month} {int(value[8:10])}, {value[:4]}"


def clock(value: str) -> str:
    """A time of day like "14:30" as "2:30 PM", as people of the US read it; what is no such time as it is."""
    hour, colon, minute = value.partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal()):
        return value
    return f"{(int(hour) - 1) % 12 + 1}:{minute} {'AM' if int(hour) < NOON else 'PM'}"


def _grid(question: Question, value: Mapping[str, Any], translate: Translate) -> str:
    return "; ".join(
        f"{translate(row.text)}: {_cell(question, value[row.code], translate)}"
        for row in question.rows
        if row.code in value
    )


def _cell(question: Question, cell: Any, translate: Translate) -> str:
    if not question.columns:
        return _option(question, cell, translate)
    said = [
        f"{translate(column.text)} {_value(column, cell[column.id], translate)}"
        for column in question.columns
        if column.id in cell
    ]
    return ", ".join(said)


def _map(question: Question, value: Any, translate: Translate) -> str:
    names = {region.code: region.text for region in regions(question.map)}
    if question.rated:
        return "; ".join(f"{translate(names[code])}: {rating}/10" for code, rating in value.items())
    return "; ".join(translate(names[code]) for code in value)


def entry(group: Question, answers: Mapping[str, Answer], translate: Translate = str) -> str:
    """One entry of a group in a line."""
    said = (
        f"{label(translate(child.text))} {words}"
        for child in group.questions
        if child.id in answers and "value" in answers[child.id] and (words := say(child, answers[child.id], translate))
    )
    return "; ".join(said)


def label(text: str) -> str:
    """The words before an answer on the same line: with a colon, unless they end in a mark of their own."""
    return text if text.endswith(("?", ".", ":")) else f"{text}:"
