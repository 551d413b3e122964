"""Phrases: a short word with a dot that stands for a longer text, with fields to fill.

".kegel" may stand for "Pelvic floor: {n} contractions, {hold} s each". The word is replaced as the note is saved, or
at the caret by the script. A field that is left open stops the signature. A word nobody has a phrase for stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from intake.clinical.free_text import is_written, written
from intake.forms.conditions import Answer
from intake.forms.entry import Entry
from intake.forms.model import Form, Kind, Question

WORD = re.compile(r"\.[a-z][a-z0-9-]{1,30}", re.ASCII)
FIELD = re.compile(r"\{([^\W\d_][\w \-/%]{0,39})\}")
MOST = 2000  # characters of a phrase
# What stands in quotation marks is somebody's own words: nothing is put in its place, nor behind a mark that is still
# open. A straight mark right behind a letter or a figure opens nothing: it closes, or stands for inches.
_CLOSED = re.compile(r"\u201c[^\u201d]*\u201d|(?u:(?<![\w}])\"[^\"]*\")")
_TO_EXPAND = re.compile(
    r"\u201c[^\u201d]*(?:\u201d|\Z)|(?u:(?<![\w}])\"[^\"]*(?:\"|\Z))"
    r"|(?<!\S)\.[a-z][a-z0-9-]{1,30}(?=[\s,;:!?)]|\.?(?:\s|$))",
    re.ASCII,
)


def expanded(text: str, phrases: Mapping[str, str]) -> str:
    """The text with each word that is a phrase replaced by what it stands for, but not inside what was put in."""
    return _TO_EXPAND.sub(lambda found: phrases.get(found[0], found[0]), text)


def fields(text: str) -> tuple[str, ...]:
    """The names of the fields that are not filled in, in their order, each once. Quotations have none."""
    own = _CLOSED.sub("", text)
    return tuple(dict.fromkeys(found[1] for found in FIELD.finditer(own)))


def open_fields(form: Form, answers: Mapping[str, Answer]) -> dict[str, tuple[str, ...]]:
    """{question: the fields left open in what is written there}, for those that have any."""
    found: dict[str, tuple[str, ...]] = {}
    for name, text in written(form, answers):
        if names := fields(text):
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *names)))
    return found


def expand(form: Form, entry: Entry, phrases: Mapping[str, str]) -> None:
    """Replace the words of a page that was sent, where something is written, inside groups too.

    What would be longer than its field takes stays as it was typed.
    """
    for name, answer in entry.answers.items():
        if "value" in answer:
            entry.answers[name] = {**answer, "value": _expanded(form.by_id[name], answer["value"], phrases)}


def _expanded(question: Question, value: Any, phrases: Mapping[str, str]) -> Any:
    if is_written(question):
        longer = expanded(value, phrases)
        return longer if len(longer) <= question.max_length else value
    if question.kind is Kind.GROUP:
        children = {child.id: child for child in question.questions}
        return [
            {
                name: {**answer, "value": _expanded(children[name], answer["value"], phrases)}
                if "value" in answer
                else answer
                for name, answer in item.items()
            }
            for item in value
        ]
    return value
