"""Proof that a note is what was signed: checked on every read, by a printed code, and by whoever holds the file."""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import nullcontext
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from intake.actions import signatures as acts
from intake.clinical.additions import ADDITIONS
from intake.forms import disclosure, reader
from intake.forms.model import Form, Tier
from intake.security import proof
from intake.security.limits import Bucket
from intake.security.policy import Permission
from intake.security.signing import hash_start
from intake.store import audit, notes, signatures, verdicts
from intake.store.notes import Note
from intake.store.signatures import Signature
from intake.store.verdicts import Verdict
from intake.web import actor, clock, limits
from intake.web.actor import me
from intake.web.database import READS, session, writing
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.instance import instance
from intake.web.say import translated

bp = Blueprint("proofs", __name__)


def verdict(note: Note) -> Verdict:
    """What is wrong with a signed note; the audit trail is told when anything is."""
    found = verdicts.of_note(session, note, instance().trusted)
    if not found.holds:
        # A page that writes holds SQLite's only lock already; one that is read needs a short write of its own.
        with writing() if request.method in READS else nullcontext(session) as other:
            acts.report(other, note, (*found.faults, *found.gaps), by=me(), now=clock.now())
    return found


@bp.get("/verify")
@allow(Permission.VERIFY_NOTE)
def index() -> Any:
    """Whether a printed code stands for a record that holds: who signed when, and nothing of what it says."""
    code = request.args.get("code", "").strip()[:80]
    if code:
        limits.charge(Bucket.CODES_CHECKED, str(me().id))
    entry = signatures.by_code(session, code) if code else None
    problem = _("This does not look like one of our codes. A code has five groups of four letters and digits.")
    state = _state(entry) if entry else "not-found" if code else ""
    if code:
        _note_look_up(entry)
    return render_template(
        "clinic/proofs/index.html",
        code=code, problem=problem if code and not hash_start(code) else "", state=state, entry=entry,
        said=entry.said if entry and state != "broken" else None,
        kind=_kind(entry) if entry and state != "broken" else "",
        since=_since(entry) if entry and state != "broken" else [],
    )  # fmt: skip


def _since(entry: Signature) -> list[Signature]:
    """What was added to the note after an entry."""
    later = [each for each in signatures.of_note(session, entry.note_id) if each.position > entry.position]
    return [each for each in later if each.kind in ADDITIONS]


def _kind(entry: Signature) -> str:
    """The kind of note an entry belongs to, as its first record says."""
    first = signatures.of_note(session, entry.note_id)[0].said
    return translated(reader.load(first.form, first.form_version).title)


def _note_look_up(entry: Signature | None) -> None:
    """A line about the look: whoever tries codes is seen trying, whether or not they stand for anything."""
    action, outcome = f"read.{Permission.VERIFY_NOTE}", "done" if entry else "failed"
    with writing() as other:
        audit.record(other, action, actor=me(), subject=entry, outcome=outcome, now=clock.now())
        other.commit()


def _state(entry: Signature) -> str:
    """How it stands: "broken", "waiting", "added-to" or "valid"."""
    note = notes.get(session, entry.note_id)
    if note is None or not verdict(note).holds:
        return "broken"
    if entry.id in {waiting.id for waiting in note.waiting}:
        return "waiting"
    later = [each for each in note.signatures if each.position > entry.position and each.kind in ADDITIONS]
    return "added-to" if later else "valid"


@bp.get("/clinic/notes/<uuid:note_id>/proof")
@allow(Permission.EXPORT_NOTE, note=notes.get)
@fresh
def download(note: Note) -> Any:
    """Everything somebody needs to check a note without us (tools/verify_note.py)."""
    actor.saw(_tiers(note))
    bundle = {"format": proof.FORMAT, "entries": [proof.bundle(entry.as_proof) for entry in note.signatures]}
    name = f"proof-{note.signatures[0].code}.json" if note.signatures else "proof.json"
    text = json.dumps(bundle, indent=1, ensure_ascii=False)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="application/json", headers=headers)


def _tiers(note: Note) -> Collection[str]:
    """What the file holds; one that was tampered with can hold anything."""
    if verdicts.note_faults(session, note, instance().trusted):
        return actor.tiers()
    said = note.signatures[0].said
    form = reader.load(said.form, said.form_version)
    return _added(note, form) | disclosure.seen(form, said.answers)


def _added(note: Note, form: Form) -> set[Tier]:
    """What was added, with the words of the wishes that were answered."""
    told = [addition for entry in note.signatures if (addition := entry.said.addition)]
    return {tier for each in told for tier in each.tiers(form.by_id.get(each.change.question) if each.change else None)}
