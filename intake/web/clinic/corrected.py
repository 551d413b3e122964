"""What was corrected, beside the words it is about: in the note itself, and in others that took over its old words."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from intake.clinical import additions
from intake.clinical.additions import Change
from intake.store import notes
from intake.store.notes import Note
from intake.store.signatures import Signature
from intake.web import actor, filters
from intake.web.clinic import misquotes
from intake.web.clinic.drafts import Draft
from intake.web.database import session


def beside(note: Note, draft: Draft) -> dict[str, str]:
    """{question: lines} to stand beside the answers of a note or a draft, as far as its viewer may see them."""
    found: dict[str, list[str]] = {name: [line] for name, line in misquotes.beside(note, draft).items()}
    for entry in note.signatures:
        for change in _changes(entry):
            if change.question in draft.form.by_id:
                found.setdefault(change.question, []).append(_told(entry, change))
    for name, lines in _quoted(note, draft).items():
        found.setdefault(name, []).extend(lines)
    return {name: "\n".join(lines) for name, lines in found.items()}


def _changes(entry: Signature) -> Iterator[Change]:
    if entry.kind in additions.CORRECTIONS:
        addition = entry.said.addition
        if addition is not None and addition.change is not None:
            yield addition.change


def _quoted(note: Note, draft: Draft) -> dict[str, list[str]]:
    """Lines beside words that this note took over from another one of the patient, and that were corrected there."""
    told = notes.corrected(session, note)
    rows = [(other, entry, change) for other, entry in told for change in _changes(entry)]
    if not rows:
        return {}
    below = actor.tiers()
    held = additions.texts(draft.form, {name: draft.answers[name] for name in draft.shown & draft.answers.keys()})
    found: dict[str, list[str]] = {}
    for other, entry, change in rows:
        for name in additions.quoting(held, [change]):
            if draft.form.by_id[name].tier in below:
                found.setdefault(name, []).append(_told(entry, change, other))
    return found


def _told(entry: Signature, change: Change, of: Note | None = None) -> str:
    told = {"date": filters.day(entry.signed_at), "name": entry.said.author_name, "old": change.old, "new": change.new}
    if of is None:
        words = _("Corrected on %(date)s by %(name)s. Instead of \u201c%(old)s\u201d: \u201c%(new)s\u201d.", **told)
        return str(words)
    told["day"] = filters.day(of.visit.starts_at)
    return str(
        _(
            "Taken over from the note of %(day)s, which was corrected on %(date)s by %(name)s. "
            "Instead of \u201c%(old)s\u201d: \u201c%(new)s\u201d.",
            **told,
        )
    )
