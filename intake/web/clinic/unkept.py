"""What was typed into a draft that was signed meanwhile, in another window: shown once more, with a way to add it."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from flask import jsonify, render_template, request
from flask_babel import gettext as _

from intake.actions.refusals import FinalError
from intake.forms.merge import bare
from intake.forms.model import Question
from intake.forms.problems import MalformedError
from intake.store.notes import Note
from intake.web.clinic import drafts
from intake.web.clinic.drafts import Draft
from intake.web.clinic.inputs import Added, Late
from intake.web.say import translated


def show(note: Note) -> Any:
    """The words of the page that came too late, ready for an addendum or a late entry; FinalError where it had none."""
    try:
        typed = list(_typed(drafts.opened(note.response)))
    except MalformedError:
        raise FinalError from None
    if not typed:
        raise FinalError
    told = _("This note was signed meanwhile, in another window. It stays as it was signed.")
    if request.headers.get("X-Autosave"):
        way = _("What you typed since is not kept. Press \u201cSave draft\u201d to see it and to add it to the note.")
        return jsonify(saved=None, errors={}, message=f"{told} {way}"), HTTPStatus.CONFLICT
    words = "\n".join(f"{question}: {text}" for question, text in typed)
    addendum, late = Added(formdata=None), Late(formdata=None)
    addendum.text.data = late.text.data = words
    page = render_template("clinic/unkept/show.html", note=note, told=told, typed=typed, addendum=addendum, late=late)
    return page, HTTPStatus.CONFLICT


def _typed(draft: Draft) -> Iterator[tuple[str, str]]:
    """Each question whose answer on the page is not the one that was signed, with the words of the page."""
    entry = drafts.submitted(draft)
    for question in draft.form.questions():
        answer = entry.answers.get(question.id)
        if answer is not None and _says(answer) != _says(draft.answers.get(question.id)):
            yield translated(question.text), "\n".join(drafts.lines(question, answer))
        for text in _unread(question, entry.typed):
            yield translated(question.text), text


def _says(answer: Any) -> Any:
    """An answer without its marks, that of an earlier note included."""
    return {name: value for name, value in (bare(answer) or {}).items() if name in {"value", "status", "reason"}}


def _unread(question: Question, typed: Any) -> Iterator[str]:
    """What was typed to a question and could not be read as an answer."""
    for name, text in typed.items():
        if name.partition(".")[0] == question.id:
            yield from filter(None, [text] if isinstance(text, str) else text)
