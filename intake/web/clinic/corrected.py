"""What was corrected, beside the words it is about: in the note itself, and in others that took over its old words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from flask_babel import gettext as _

from intake.clinical import additions, carried, carrying, findings
from intake.clinical import plan as planning
from intake.clinical.additions import Change
from intake.forms import reader
from intake.forms.conditions import Answers
from intake.forms.model import Form
from intake.security.seal import SealError
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
    note, below = plan.note, actor.tiers()
    found: dict[str, list[str]] = {name: [line] for name, line in misquotes.in_plan(plan, draft).items()}
    for entry, change in changes(note):
        if _tier(note, change) not in below:
            continue
        names = {name for name in draft.given if change.question.startswith(planning.PROPOSED_FROM.get(name, ()))}
        if not planning.goes_on(change, (_form(note), _said(note)), draft.form, draft.answers):
            names.discard("cp_goals")
        for name in names | _copied(note, draft.form, draft.answers, change):
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
    form = _form(note)
    return str(form.by_id[change.question].tier) if change.question in form.by_id else ""


def _changes(entry: Signature) -> Iterator[Change]:
    if entry.kind in additions.CORRECTIONS:
        addition = entry.said.addition
        if addition is not None and addition.change is not None:
            yield addition.change


def _quoted(note: Note, draft: Draft, below: Collection[str]) -> dict[str, list[str]]:
    """Lines beside words that this note took over from another one of the patient, and that were corrected there.

    The same answer on another day is no sign of that: it is marked as taken over, or a goal that goes on by itself, or
    long words of somebody's own in a note of a later visit. Of what is never carried forward nothing is told.
    """
    there = ((other, entry, change) for other, entry in notes.corrected(session, note) for change in _changes(entry))
    rows = [(other, entry, change) for other, entry, change in there if _tier(other, change) in below]
    if not rows:
        return {}
    mine = {name: answer for name, answer in draft.answers.items() if name in draft.shown}
    of_its_day = carrying.of_its_day(draft.form)
    found: dict[str, list[str]] = {}
    for other, entry, change in rows:
        names = _copied(other, draft.form, mine, change) if _visit(other) < _visit(note) else set()
        is_goal = _is_goal_of(note, (draft.form, mine), change, other)
        if is_goal or _is_taken_over(draft.form, mine, change, other):
            names.add(change.question)
        for name in names - of_its_day:
            if draft.form.by_id[name].tier in below:
                found.setdefault(name, []).append(told(entry, change, other))
    return found


def _is_taken_over(form: Form, mine: Answers, change: Change, other: Note) -> bool:
    """Whether what was corrected in the other note is marked here as taken over from it, and still says the same."""
    name = change.question
    if name not in form.by_id or not carrying.is_carried(mine.get(name, {})):
        return False

    def signed(note_id: str) -> Answers:
        written = notes.of_patient(session, other.patient_id)
        return next((_said(each) for each in written if str(each.id) == note_id), {})

    is_from_there = str(other.id) in carrying.origins(name, mine, signed)
    return is_from_there and additions.stands(additions.text_of(form.by_id[name], mine[name]), change)


def _is_goal_of(note: Note, here: tuple[Form, Answers], change: Change, other: Note) -> bool:
    """Whether a goal that was corrected in the other note went on to this one by itself, with the old words."""
    if change.question not in carried.GOALS or (_visit(other), other.created_at) > (_visit(note), note.created_at):
        return False
    return carried.goes_on(change, (_form(other), _said(other)), here)


def _copied(other: Note, form: Form, answers: Answers, change: Change) -> set[str]:
    """The questions that long words of another note were copied to; what is never carried forward is left out."""
    there = _form(other)
    if change.question not in there.by_id or change.question in carrying.of_its_day(there):
        return set()
    return additions.copied(there.by_id[change.question], form, answers, change)


def _visit(note: Note) -> datetime:
    return note.visit.starts_at


def _form(note: Note) -> Form:
    return reader.load(note.response.form, note.response.form_version)


def _said(note: Note) -> Answers:
    """What was signed in a note; nothing where it cannot be read: its own page says so."""
    try:
        return note.signatures[0].said.answers
    except (IndexError, SealError, ValueError, KeyError, TypeError):
        return {}


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
