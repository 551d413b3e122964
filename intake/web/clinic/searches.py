"""Looking for words in one chart: answers, notes with what was added to them, and plans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import Blueprint, render_template

from intake.clinical import searching
from intake.clinical.additions import Addition
from intake.clinical.searching import Text
from intake.forms import disclosure, reader
from intake.forms.conditions import Answers
from intake.forms.model import Form, Kind
from intake.forms.words import say
from intake.security.policy import Permission, tiers_up_to
from intake.store import history, notes, patients, plans, responses
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.plans import Plan
from intake.web import actor
from intake.web.actor import me
from intake.web.clinic import asked, cautions, corrected
from intake.web.clinic.inputs import ChartSearch
from intake.web.database import session
from intake.web.guard import allow
from intake.web.say import translated

bp = Blueprint("searches", __name__, url_prefix="/clinic/charts")
MOST_SHOWN = 50


class Place(NamedTuple):
    """Where a text stands: "form", "note", "addendum" or "plan", and the record to go to."""

    kind: str
    record: Any


@bp.post("/<uuid:patient_id>/search")
@allow(Permission.SEARCH_CHART, patient=patients.get)
def show(patient: Patient) -> Any:
    """What holds the words. They are sent, never part of an address: addresses stay in histories and in other logs."""
    form = ChartSearch()
    most, code = cautions.ceiling(patient), 200
    if form.validate_on_submit():
        hits = searching.find(_texts(patient, most), form.words.data)
    else:
        hits, code = [], 422
    shown = hits[:MOST_SHOWN]
    actor.saw(tier for hit in shown for tier in hit.text.tiers)
    forms = [hit.text.where.record for hit in shown if hit.text.where.kind == "form"]
    page = render_template(
        "clinic/searches/show.html",
        patient=patient, form=form, hits=shown, more=len(hits) - len(shown), names=asked.names([*dict.fromkeys(forms)]),
    )  # fmt: skip
    return page, code


def _texts(patient: Patient, most: str) -> Iterator[Text]:
    """Everything of the chart whoever asks may see, newest first within each kind."""
    yield from _told(patient, most)
    written = notes.of_patient(session, patient.id)
    yield from _noted(written, most)
    yield from _added(written, most)
    yield from _planned(plans.of_patient(session, patient.id), most)


def _told(patient: Patient, most: str) -> Iterator[Text]:
    for each in reversed(history.every(session, responses.intakes(session, patient.id))):
        shown = disclosure.disclosed(each.form, each.in_full(), most)
        own = {name: answer for name, answer in shown.items() if name in each.answers}
        yield from _answers(Place("form", each.response), each.form, own)


def _noted(written: Iterable[Note], most: str) -> Iterator[Text]:
    yield from _of_responses("note", written, most)


def _planned(made: Iterable[Plan], most: str) -> Iterator[Text]:
    yield from _of_responses("plan", made, most)


def _of_responses(kind: str, records: Iterable[Any], most: str) -> Iterator[Text]:
    """The answers of notes or plans, read together."""
    found = {each.response_id: each for each in records}
    rows = responses.by_id(session, found)
    said = responses.said_of(session, rows)
    for row in sorted(rows, key=lambda row: found[row.id].created_at, reverse=True):
        form, record = reader.load(row.form, row.form_version), found[row.id]
        beside = corrected.lines(record, tiers_up_to(most)) if isinstance(record, Note) else {}
        yield from _answers(Place(kind, record), form, disclosure.disclosed(form, said[row.id], most), beside)


def _answers(
    where: Place, form: Form, answers: Answers, beside: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Iterator[Text]:
    for name, answer in answers.items():
        question = form.by_id[name]
        if question.kind is not Kind.DISPLAY and (words := say(question, answer, translated)):
            tiers = frozenset(map(str, disclosure.seen(form, {name: answer})))
            yield Text(where, translated(question.text), words, tiers, tuple(beside.get(name, ())))


def _added(written: Iterable[Note], most: str) -> Iterator[Text]:
    """What was added to notes: for whoever wrote it, and for those it is meant for.

    What it corrects is for all who may see that question, even where the rest is not: they read it in the note.
    """
    below = tiers_up_to(most)
    entries = chain.from_iterable(((note, entry) for entry in note.signatures[1:]) for note in written)
    for note, entry in entries:
        whole = entry.said.addition
        change = whole.change if whole else None
        question = responses.form_of(note.response).by_id.get(change.question) if change else None
        said = whole if whole is None or entry.signer_id == me().id else whole.below(below, question)
        if said is not None and (words := _said(said)):
            yield Text(Place("addendum", note), "", words, frozenset(map(str, said.tiers(question))))
        elif change and question and question.tier in below:
            words = f"{change.old}\n{change.new}"
            yield Text(Place("addendum", note), translated(question.text), words, frozenset({str(question.tier)}))


def _said(said: Addition) -> str:
    """Everything an addition says in words of somebody's own."""
    change, asked = said.change, said.asked
    words = (change.old, change.new) if change else ()
    return "\n".join(filter(None, (said.text, said.reason, *words, asked.words if asked else "")))
