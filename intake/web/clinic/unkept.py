"""What was typed into a draft that was signed meanwhile, in another window: shown once more, with a way to add it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import jsonify, render_template, request
from flask_babel import gettext as _

from intake.actions.refusals import FinalError
from intake.forms.entry import Entry
from intake.forms.merge import SKIPPED, bare
from intake.forms.model import Kind, Question
from intake.forms.problems import MalformedError
from intake.forms.words import label
from intake.store.notes import Note
from intake.web.clinic import drafts
from intake.web.clinic.drafts import Draft
from intake.web.clinic.inputs import Added, Late
from intake.web.say import translated

DAY: Final = (".year", ".month", ".day")  # the boxes of a day
COUNT: Final = ".count"  # how many entries a list has on the page; nobody typed it


@dataclass(frozen=True, slots=True)
class Row:
    """An answer of the page that is not the one that was signed, and what the note says in its place.

    `is_typed` where it cannot be anything else: the draft had the answer that was signed when the page was opened.
    """

    question: str
    words: str
    now: str
    is_typed: bool


def show(note: Note) -> Any:
    """The words of the page that came too late, those that were typed ready for an addendum or a late entry.

    FinalError where the page had none.
    """
    try:
        rows = list(_rows(drafts.opened(note.response)))
    except MalformedError:
        raise FinalError from None
    if not rows:
        raise FinalError
    told = _("This note was signed meanwhile, in another window. It stays as it was signed.")
    if request.headers.get("X-Autosave"):
        way = _("What you typed since is not kept. Press \u201cSave draft\u201d to see it and to add it to the note.")
        return jsonify(saved=None, errors={}, message=f"{told} {way}"), HTTPStatus.CONFLICT
    typed = [row for row in rows if row.is_typed]
    unsure = [row for row in rows if not row.is_typed]
    addendum, late = Added(formdata=None), Late(formdata=None)
    addendum.text.data = late.text.data = "\n".join(f"{row.question}: {row.words}" for row in typed)
    page = render_template(
        "clinic/unkept/show.html",
        note=note, told=told, typed=typed, unsure=unsure, addendum=addendum, late=late,
    )  # fmt: skip
    return page, HTTPStatus.CONFLICT


def _rows(draft: Draft) -> Iterator[Row]:
    """Each question whose answer on the page is not the one that was signed, with the words of the page."""
    entry, bases = drafts.submitted(draft), drafts.bases()
    for question in draft.form.questions():
        answer, signed = entry.answers.get(question.id), draft.answers.get(question.id)
        base = bases.get(draft.form.section_of[question.id].id, 0)
        now, is_typed = _words(question, signed), not _is_changed(draft, question, base)
        if answer is not None and _says(answer) != _says(signed):
            words = _new(question, answer, signed) if is_typed else _words(question, answer)
            yield Row(translated(question.text), words, now, is_typed)
        for text in _unread(question, entry):
            yield Row(translated(question.text), text, now, is_typed)


def _is_changed(draft: Draft, question: Question, base: int) -> bool:
    """Whether the draft had another answer when the page was opened, which is kept nowhere.

    Another window replaced it, or signing took it out, or a part of it, as it was not asked any more.
    """
    was_replaced = draft.answers.get(question.id, {}).get("r", 0) > base
    return was_replaced or question.id in draft.response.dropped


def _words(question: Question, answer: Any) -> str:
    """An answer in words; none where nothing was answered."""
    return "" if _says(answer) in ({}, SKIPPED) else "\n".join(drafts.lines(question, answer))


def _new(question: Question, answer: Any, signed: Any) -> str:
    """The same without the entries of a list that were signed as they are; with them where one was only taken out."""
    if question.kind is not Kind.GROUP or signed is None:
        return _words(question, answer)
    stand = drafts.lines(question, signed)
    new = [entry for entry in drafts.lines(question, answer) if entry not in stand]
    return "\n".join(new) or _words(question, answer)


def _says(answer: Any) -> Any:
    """An answer without its marks, that of an earlier note included."""
    return {name: value for name, value in (bare(answer) or {}).items() if name in {"value", "status", "reason"}}


def _unread(question: Question, entry: Entry) -> Iterator[str]:
    """What was typed to a question and could not be read as an answer: of a list or a table that field alone, named."""
    names = {part.id: part.text for part in (*question.questions, *question.columns)}
    names |= {row.code: row.text for row in question.rows}
    fields = [problem.field for problem in entry.problems if problem.field.partition(".")[0] == question.id]
    for field in dict.fromkeys(".".join(name.split(".")[: 3 if names else 1]) for name in fields):
        if text := _raw(field, entry.typed):
            parts = field.split(".")[1:]
            is_one_of_many = parts and parts[0].isdecimal() and entry.typed.get(f"{question.id}.count") != "1"
            number = [f"{int(parts[0]) + 1}."] if is_one_of_many else []
            yield " ".join((*number, *(label(translated(names[part])) for part in parts if part in names), text))


def _raw(field: str, typed: Mapping[str, str | list[str]]) -> str:
    """All that was typed at a field, in a line; a day as year, month and day."""
    found = {name.removeprefix(field): text for name, text in typed.items() if f"{name}.".startswith(f"{field}.")}
    words = {name: text if isinstance(text, str) else " ".join(text) for name, text in found.items() if name != COUNT}
    is_day = not words.keys().isdisjoint(DAY)
    return ("-" if is_day else " ").join(filter(None, map(words.get, DAY) if is_day else words.values()))
