"""Corrections of a signed note, and late entries to one: signed like an addendum; what stood there stays readable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import signatures as signing
from intake.actions.refusals import RefusedError, WrongPasswordError
from intake.clinical import additions
from intake.clinical.additions import Addition, Change
from intake.security.policy import Permission
from intake.store import notes
from intake.store.notes import Note
from intake.web import clock, keyed, proving
from intake.web.actor import me
from intake.web.clinic import corrected, drafts, proofs
from intake.web.clinic.drafts import Draft
from intake.web.clinic.inputs import Changed, Late
from intake.web.clinic.notes import WRONG_PASSWORD
from intake.web.database import session
from intake.web.guard import allow
from intake.web.inputs import PageForm, options
from intake.web.instance import instance
from intake.web.say import said as said_of
from intake.web.say import translated

bp = Blueprint("errata", __name__, url_prefix="/clinic/notes")


@bp.get("/<uuid:note_id>/corrections")
@allow(Permission.ADD_TO_NOTE, note=notes.get)
def show(note: Note) -> Any:
    """What can be corrected, and what stands there."""
    return _correct(note)


@bp.post("/<uuid:note_id>/corrections")
@allow(Permission.ADD_TO_NOTE, note=notes.get)
def create(note: Note) -> Any:
    """Sign a correction."""
    if (broken := _back(note)) is not None:
        return broken
    draft, _said = drafts.signed(note)
    form = changing(Changed(), draft)
    if form.validate_on_submit():
        new = additions.correction(changed(form, note, draft), form.reason.data)
        if signed(note, new, form, problems_of(note, draft, new)):
            flash(_("Correction signed."))
            return redirect(url_for("clinic.notes.show", note_id=note.id), 303)
    return _correct(note, form), 422


def _correct(note: Note, form: Changed | None = None) -> Any:
    if (broken := _back(note)) is not None:
        return broken
    draft, _said = drafts.signed(note)
    return render_template(
        "clinic/errata/show.html",
        note=note, form=form or changing(Changed(formdata=None), draft), parts=said(note, draft),
    )  # fmt: skip


def _back(note: Note) -> Any:
    """To the page of the note, where it is a draft or not what was signed: there stands what to do."""
    if note.is_signed and not proofs.verdict(note).faults:
        return None
    return redirect(url_for("clinic.notes.show", note_id=note.id), 303)


def said(note: Note, draft: Draft) -> list[Any]:
    """The sections in which something stands that could be corrected, each answer with what was corrected already."""
    beside = dict(corrected.beside(note, draft))
    for name, words in _now(note, draft).items():
        beside[name] = f"{beside[name]}\n{_stands(words)}"
    return [(section, rows) for section, rows in drafts.as_read(draft, beside) if rows]


def _now(note: Note, draft: Draft) -> dict[str, str]:
    """{question: what stands there now} for what was corrected, where that can be said."""
    changes, held = [change for _entry, change in corrected.changes(note)], _held(draft)
    names = {change.question for change in changes} & held.keys()
    found = {name: additions.now(name, held[name], changes) for name in names}
    return {name: words for name, words in found.items() if words is not None}


def _stands(words: str) -> str:
    return str(_("What stands there now: \u201c%(words)s\u201d", words=" ".join(words.split())))


def changing(form: Any, draft: Draft) -> Any:
    """A form with what can be corrected: every question that is answered, below the viewer's ceiling."""
    held = _held(draft)
    named = [(name, translated(draft.form.by_id[name].text)) for name in held]
    form.question.choices = options([("", _("Choose what is corrected")), *named])
    return form


def _held(draft: Draft) -> Mapping[str, str]:
    shown = {name: answer for name, answer in draft.answers.items() if name in draft.shown}
    return additions.texts(draft.form, shown)


def changed(form: Any, note: Note, draft: Draft) -> Change:
    """What a form with `question`, `old` and `new` says; all that stands there where no words are given."""
    name = form.question.data
    all_of_it = {**_held(draft), **_now(note, draft)}.get(name, "")
    return Change(name, form.old.data or all_of_it, form.new.data)


def problems_of(note: Note, draft: Draft, new: Addition) -> dict[str, str]:
    """What keeps an addition to a note from being signed, by field of its form."""
    before = [each for entry in note.signatures if (each := entry.said.addition)]
    found = additions.problems(draft.form, draft.answers, new, before)
    if found.get("old") == additions.CORRECTED and new.change:
        found["old"] = f"{translated(additions.CORRECTED)} {_stands(_now(note, draft)[new.change.question])}"
    if not found and (remarks := signing.miscoded(session, note, new)):
        found["new"] = said_of(remarks[0])
    return found


def signed(note: Note, new: Addition, form: PageForm, problems: Mapping[str, str]) -> bool:
    """Sign an addition with the password a form holds; False with what is wrong at its fields."""
    fields: Any = form
    for name, text in problems.items():
        fields[name].errors = [translated(text)]
    if problems:
        return False
    try:
        with proving.guessing(me()):
            signing.add(
                session, note, new, fields.password.data, cost=keyed.cost(), instance=instance(), by=me(),
                now=clock.now(),
            )  # fmt: skip
    except WrongPasswordError:
        fields.password.errors = [WRONG_PASSWORD]
    except RefusedError as refusal:
        fields.password.errors = [_(str(refusal))]
    else:
        return True
    return False


@bp.get("/<uuid:note_id>/late-entries")
@allow(Permission.ADD_TO_NOTE, note=notes.get)
def late(note: Note) -> Any:
    """A place for what was not written down at the visit."""
    return _late(note, Late(formdata=None))


@bp.post("/<uuid:note_id>/late-entries")
@allow(Permission.ADD_TO_NOTE, note=notes.get)
def add_late(note: Note) -> Any:
    """Sign a late entry."""
    form = Late()
    if (broken := _back(note)) is not None:
        return broken
    if form.validate_on_submit() and signed(
        note, additions.late(form.text.data, form.reason.data, form.source.data, form.readers.data), form, {}
    ):
        flash(_("Late entry signed."))
        return redirect(url_for("clinic.notes.show", note_id=note.id), 303)
    return _late(note, form), 422


def _late(note: Note, form: Late) -> Any:
    if (broken := _back(note)) is not None:
        return broken
    return render_template("clinic/errata/late.html", note=note, form=form)
