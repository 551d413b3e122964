"""What was corrected, beside the words it is about: in the note itself, and in others that took over its old words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from flask_babel import gettext as _

from intake.clinical import additions, findings
from intake.clinical.additions import Change
from intake.clinical.plan import PROPOSED_FROM
from intake.forms import reader
from intake.store import notes
from intake.store.notes import Note
from intake.store.plans import Plan
from intake.store.signatures import Signature
from intake.web import actor, filters
from intake.web.clinic import misquotes
from intake.web.clinic.drafts import Draft
from intake.web.database import session


def beside(note: Note, draft: Draft, below: Collection[str] | None = None) -> dict[str, str]:
    """{question: lines} to stand beside the answers of a note or a draft, as far as its viewer may see them.

    `below` are the tiers of a page or paper that holds less than that.
    """
    found: dict[str, list[str]] = {name: [line] for name, line in misquotes.beside(note, draft).items()}
    for entry, change in changes(note):
        if change.question in draft.form.by_id:
            found.setdefault(change.question, []).append(told(entry, change))
    for name, lines in _quoted(note, draft, actor.tiers() if below is None else below).items():
        found.setdefault(name, []).extend(lines)
    return {name: "\n".join(lines) for name, lines in found.items()}


def changes(note: Note) -> list[tuple[Signature, Change]]:
    """What was corrected in a signed note, the oldest correction first, each with the signature below it."""
    return [(entry, change) for entry in _corrections(note) for change in _changes(entry)]


def lines(note: Note, below: Collection[str]) -> dict[str, list[str]]:
    """{question: lines} about corrections of a signed note, for a page that shows its answers elsewhere."""
    found: dict[str, list[str]] = {}
    for entry, change in changes(note):
        if _tier(note, change) in below:
            found.setdefault(change.question, []).append(told(entry, change))
    return found


def in_plan(plan: Plan, draft: Draft) -> dict[str, str]:
    """{question: lines} beside what a care plan holds of a note that was corrected, or of a sheet that was taken out.

    Findings are in other words there, so any correction of theirs counts; of the rest the old words have to stand.
    """
    note, below, held = plan.note, actor.tiers(), additions.texts(draft.form, draft.answers)
    found: dict[str, list[str]] = {name: [line] for name, line in misquotes.in_plan(plan, draft).items()}
    for entry, change in changes(note):
        if _tier(note, change) not in below:
            continue
        names = {name for name, begins in PROPOSED_FROM.items() if name in held and change.question.startswith(begins)}
        same = {name for name in names if additions.stands(held[name], change)} | (names & {"cp_findings"})
        for name in same | additions.quoting(held, [change]).keys():
            found.setdefault(name, []).append(told(entry, change, note))
    return {name: "\n".join(lines_) for name, lines_ in found.items()}


def amounts(note: Note, draft: Draft) -> dict[str, str]:
    """{section: line} where something was corrected since from which a stage, a total or units were worked out."""
    found = {}
    for section, begins in findings.FROM.items():
        for entry, change in changes(note):
            if change.question.startswith(begins) and change.question in draft.form.by_id:
                told_of = {"date": filters.day(entry.signed_at), "name": entry.said.author_name}
                words = _("Worked out from what was signed, and corrected on %(date)s by %(name)s.", **told_of)
                found[section] = str(words)
    return found


def _tier(note: Note, change: Change) -> str:
    """The tier of what was corrected; none for a question that is not known, which nobody is shown."""
    form = reader.load(note.response.form, note.response.form_version)
    return str(form.by_id[change.question].tier) if change.question in form.by_id else ""


def _changes(entry: Signature) -> Iterator[Change]:
    if entry.kind in additions.CORRECTIONS:
        addition = entry.said.addition
        if addition is not None and addition.change is not None:
            yield addition.change


def _quoted(note: Note, draft: Draft, below: Collection[str]) -> dict[str, list[str]]:
    """Lines beside words that this note took over from another one of the patient, and that were corrected there."""
    there = ((other, entry, change) for other, entry in notes.corrected(session, note) for change in _changes(entry))
    rows = [(other, entry, change) for other, entry, change in there if _tier(other, change) in below]
    if not rows:
        return {}
    held = additions.texts(draft.form, {name: draft.answers[name] for name in draft.shown & draft.answers.keys()})
    found: dict[str, list[str]] = {}
    for other, entry, change in rows:
        for name in additions.quoting(held, [change]):
            if draft.form.by_id[name].tier in below:
                found.setdefault(name, []).append(told(entry, change, other))
    return found


def _corrections(note: Note) -> Iterable[Signature]:
    return (entry for entry in note.signatures if entry.kind in additions.CORRECTIONS)


def told(entry: Signature, change: Change, of: Note | None = None) -> str:
    """One correction in a line; `of` is the note it was made in, where that is not the one at hand."""
    parts = {"date": filters.day(entry.signed_at), "name": entry.said.author_name, "old": change.old, "new": change.new}
    if of is None:
        words = _("Corrected on %(date)s by %(name)s. Instead of \u201c%(old)s\u201d: \u201c%(new)s\u201d.", **parts)
        return str(words)
    parts["day"] = filters.day(of.visit.starts_at)
    return str(
        _(
            "Taken over from the note of %(day)s, which was corrected on %(date)s by %(name)s. "
            "Instead of \u201c%(old)s\u201d: \u201c%(new)s\u201d.",
            **parts,
        )
    )
