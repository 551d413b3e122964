"""A log on the patient's page: a line for each entry so far, and room for a new one or for one that is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from intake.forms.conditions import Answer, Answers, given
from intake.forms.entry import NEW, is_write_only
from intake.forms.model import Question
from intake.forms.words import say
from intake.web.say import translated

ACTION = re.compile(r"(open|remove|restore):([a-z0-9_]{1,60})\.(\d{1,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in a line. What is taken out stays until the form is handed in, so that it can be put back."""

    number: int
    text: str
    is_removed: bool


def lines(log: Question, answer: Answer | None, link: str) -> list[Line]:
    """The entries that were made with this link, the latest in the day first; one without a time stands on top."""
    found = [
        (_time(log, entry), Line(number, _text(log, entry), _is_removed(log, entry)))
        for number, entry in enumerate(given(answer) or [])
        if entry and is_hers(entry, link)
    ]
    return [line for _when, line in sorted(found, key=lambda each: (each[0], each[1].number), reverse=True)]


def is_hers(entry: Mapping[str, Answer], link: str) -> bool:
    """Whether she made it with the link she came in with now: what another link said is not shown."""
    return all(answer.get("by", link) == link for answer in entry.values())


def hers(answer: Answer | None, link: str) -> Answer | None:
    """The answer with the entries of other links blank."""
    if answer is None or "value" not in answer:
        return answer
    return {**answer, "value": [entry if is_hers(entry, link) else {} for entry in answer["value"]]}


def left(log: Question, answer: Answer) -> Answer:
    """The answer without the entries that were taken out."""
    return {**answer, "value": [entry for entry in answer["value"] if not _is_removed(log, entry)]}


def _time(log: Question, entry: Mapping[str, Answer]) -> str:
    times = (given(entry.get(child.id)) for child in log.questions if child.time)
    return str(next(filter(None, times), "24:00"))


def _text(log: Question, entry: Mapping[str, Answer]) -> str:
    first = [child for child in log.questions if child.time]
    asked = [*first, *(child for child in log.questions if not child.time and not child.preset)]
    shown = (child for child in asked if not is_write_only(child))
    return " \u00b7 ".join(words for child in shown if (words := say(child, entry.get(child.id), translated)))


def _removed(log: Question) -> str:
    """The question that says an entry was taken out; empty where entries stay."""
    return next((child.id for child in log.questions if child.preset), "")


def _is_removed(log: Question, entry: Mapping[str, Answer]) -> bool:
    return _removed(log) in entry


def opened(action: str) -> str:
    """The entry that a button opens, "di_entries_1.7"; empty for any other button."""
    found = ACTION.fullmatch(action)
    return f"{found[2]}.{int(found[3])}" if found and found[1] == "open" else ""


def number(log: Question, more: str) -> int:
    """The entry that is open on the page; the new one unless a place says another."""
    name, _dot, index = more.partition(".")
    return int(index) if name == log.id and index else NEW


def turned(logs: Iterable[Question], saved: Answers, action: str, link: str) -> Answers:
    """The answers after a button that takes an entry out or puts it back; any other button changes nothing."""
    found = ACTION.fullmatch(action)
    log = next((each for each in logs if found and each.log and each.id == found[2]), None)
    entries = list(given(saved.get(log.id)) or []) if log else []
    if found is None or log is None or found[1] == "open" or not 0 <= int(found[3]) < len(entries):
        return saved
    entry, name = entries[int(found[3])], _removed(log)
    if not entry or not name or not is_hers(entry, link):
        return saved
    rest = {child: answer for child, answer in entry.items() if child != name}
    entries[int(found[3])] = rest if found[1] == "restore" else {**rest, name: {"value": "yes", "by": link}}
    return {**saved, log.id: {**saved[log.id], "value": entries}}


def stamped(logs: Iterable[Question], given_now: Answers, saved: Answers, link: str) -> dict[str, Answer]:
    """The answers with the link on every entry that is new or changed."""
    found = dict(given_now)
    for log in logs:
        if log.log and "value" in found.get(log.id, {}):
            before = given(saved.get(log.id)) or []
            found[log.id] = {**found[log.id], "value": _marked(found[log.id]["value"], before, link)}
    return found


def _marked(entries: list[Any], before: list[Any], link: str) -> list[Any]:
    same = [index < len(before) and entry == before[index] for index, entry in enumerate(entries)]
    return [
        entry if kept else {name: {**answer, "by": link} for name, answer in entry.items()}
        for entry, kept in zip(entries, same, strict=True)
    ]


def refuse_foreign(logs: Iterable[Question], fields: Mapping[str, Any], saved: Answers, link: str) -> bool:
    """Whether a page changes an entry that its link did not make."""
    for log in logs:
        entries = given(saved.get(log.id)) or [] if log.log else []
        for index, entry in enumerate(entries):
            if not is_hers(entry, link) and any(name.startswith(f"{log.id}.{index}.") for name in fields):
                return True
    return False
