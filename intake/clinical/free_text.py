"""What of a form's answers is written in words: free text, not what was ticked or measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from intake.forms.conditions import Answer
from intake.forms.model import Form, Kind, Question


def is_written(question: Question) -> bool:
    """Whether its answer is a text of its author's own."""
    return question.kind in {Kind.STRING, Kind.TEXT} and not question.time


def written(form: Form, answers: Mapping[str, Answer]) -> Iterator[tuple[str, str]]:
    """(question, text) for each text, answer by answer, inside groups and tables too."""
    for name, answer in answers.items():
        if name in form.by_id and "value" in answer:
            yield from ((name, text) for text in _of(form.by_id[name], answer["value"]))


def _of(question: Question, value: Any) -> Iterator[str]:
    if is_written(question):
        yield value
    elif question.kind is Kind.GROUP:
        children = {child.id: child for child in question.questions}
        for item in value:
            for name, answer in item.items():
                if name in children and "value" in answer:
                    yield from _of(children[name], answer["value"])
    elif question.kind is Kind.GRID and question.columns:
        columns = {column.id: column for column in question.columns}
        for cells in value.values():
            for name, cell in cells.items():
                yield from _of(columns[name], cell)
    else:
        yield from (each["other"] for each in (value if isinstance(value, list) else [value]) if _is_other(each))


def _is_other(value: Any) -> bool:
    """Whether it is "something else", in words of one's own."""
    return isinstance(value, Mapping) and value.keys() == {"other"}
