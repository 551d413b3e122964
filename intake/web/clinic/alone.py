"""What a patient answered alone, and what was done about it. It opens by a button, and is part of no other page."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, flash, render_template
from flask_babel import gettext as _

from intake.actions import handovers as acts
from intake.actions import measures as measure_acts
from intake.actions import safety_entries as entry_acts
from intake.actions.refusals import NotReadyError
from intake.clinical import asked_alone
from intake.clinical.measures import table
from intake.clinical.measures.results import Result, newest_first
from intake.clinical.measures.table import Measure
from intake.forms import reader
from intake.forms.model import Kind, Tier
from intake.forms.words import say
from intake.security.policy import Permission, may
from intake.store import handovers, measures, patients, responses, safety_entries
from intake.store.handovers import Handover
from intake.store.patient_keys import SAFETY
from intake.store.patients import Patient
from intake.web import actor, clock, filters
from intake.web.access import TwoIdentifiers
from intake.web.actor import me
from intake.web.clinic.inputs import Done, Untrue
from intake.web.clinic.measures import results
from intake.web.clinic.numbers import Numbers, numbers_form
from intake.web.database import session
from intake.web.guard import allow
from intake.web.say import translated

MEASURE: Final = "hark"  # the one measure whose numbers belong on this page alone
bp = Blueprint("alone", __name__, url_prefix="/clinic")


@bp.get("/alone")
@allow(Permission.SEEK_SAFETY)
def index() -> Any:
    """For whoever looks after safety: find one patient by two identifiers. There is no list."""
    return render_template("clinic/alone/index.html", form=TwoIdentifiers(), found=None)


@bp.post("/alone")
@allow(Permission.SEEK_SAFETY)
def search() -> Any:
    """The patients both identifiers fit, each with a button."""
    form = TwoIdentifiers()
    if not form.validate_on_submit():
        return render_template("clinic/alone/index.html", form=form, found=None), 422
    found = acts.seek(session, form.name.data, form.birth_date.data, by=me(), now=clock.now())
    return render_template("clinic/alone/index.html", form=form, found=found)


@bp.post("/charts/<uuid:patient_id>/alone")
@allow(Permission.READ_SAFETY, patient=patients.get)
def read(patient: Patient) -> Any:
    """What was answered, what it means, and what was done. Who opens it has read it."""
    shown = _page(patient, Done(formdata=None))
    acts.note_read(session, handovers.unread(session, patient.id, me()), by=me(), now=clock.now())
    return shown


@bp.post("/charts/<uuid:patient_id>/alone/entries")
@allow(Permission.RECORD_SAFETY, patient=patients.get)
def write(patient: Patient) -> Any:
    """Write down what was done."""
    form = Done()
    if not form.validate_on_submit():
        return _page(patient, form), 422
    entry_acts.write(session, patient, form.text.data, over=form.version.data, by=me(), now=clock.now())
    flash(_("Written down."))
    return _page(patient, Done(formdata=None))


@bp.post("/charts/<uuid:patient_id>/alone/measure")
@allow(Permission.RECORD_SAFETY, patient=patients.get)
def measure(patient: Patient) -> Any:
    """Keep the numbers of the measure that is asked alone. They raise nothing that another page could show."""
    numbers = numbers_form(_asked(), patient)
    if not numbers.validate_on_submit():
        return _page(patient, Done(formdata=None), numbers), 422
    visit = next(each for each in patient.visits if str(each.id) == numbers.visit.data)
    try:
        measure_acts.enter(
            session, visit, MEASURE, numbers.given(), source=numbers.source.data, on=numbers.on.data, by=me(),
            today=clock.today(), now=clock.now(),
        )  # fmt: skip
    except NotReadyError as refusal:
        numbers.say(refusal.reasons)
        return _page(patient, Done(formdata=None), numbers), 422
    flash(_("Written down."))
    return _page(patient, Done(formdata=None))


@bp.post("/charts/<uuid:patient_id>/alone/measure/take-out")
@allow(Permission.RECORD_SAFETY, patient=patients.get)
def take_out(patient: Patient) -> Any:
    """Numbers that were typed in wrongly count no more; why stands among what was done."""
    form = Untrue()
    found = next((each for each in _measured(patient) if str(each.source.response.id) == form.measurement.data), None)
    if not form.validate_on_submit():
        return _page(patient, Done(formdata=None), untrue=form), 422
    if found is None:
        flash(_("These numbers do not count any more."))
        return _page(patient, Done(formdata=None)), 409
    about = {"measure": translated(found.measure.label), "date": filters.day(found.at), "why": form.why.data}
    text = _("%(measure)s of %(date)s was typed in wrongly, and taken out: %(why)s", **about)
    measure_acts.take_out_alone(
        session, found.source.response, text, over=form.version.data or 0, by=me(), now=clock.now()
    )
    flash(_("Taken out."))
    return _page(patient, Done(formdata=None))


def _page(patient: Patient, form: Done, numbers: Numbers | None = None, untrue: Untrue | None = None) -> str:
    entries = safety_entries.of_patient(session, patient.id)
    if form.version.data is None:
        form.version.data = entries[0].number if entries else 0
    actor.saw({Tier.SAFETY})
    return render_template(
        "clinic/alone/read.html",
        patient=patient, visits=_visits(handovers.of_patient(session, patient.id)), entries=entries, form=form,
        may_open_chart=may(me(), Permission.READ_CHART, patient), asked=_asked(),
        numbers=numbers or numbers_form(_asked(), patient, blank=True), measured=_measured(patient),
        untrue=untrue or Untrue(formdata=None),
    )  # fmt: skip


def _asked() -> Measure:
    return table.measures()[MEASURE]


def _measured(patient: Patient) -> list[Result]:
    """What the measure came to each time, the newest first."""
    return newest_first(results(measures.asked_alone(session, patient.id)))


def _visits(found: list[Handover]) -> list[dict[str, Any]]:
    """The visits at which the patient was asked, the newest first, with what was said each time."""
    of_visit: dict[Any, list[Handover]] = {}
    for handover in found:
        of_visit.setdefault(handover.visit_id, []).append(handover)
    return [_visit(times) for times in of_visit.values()]


def _visit(times: list[Handover]) -> dict[str, Any]:
    said = [responses.answers(session, handover.response_id, (SAFETY,)) for handover in times]
    form = reader.load(times[0].response.form, times[0].response.form_version)
    asked = [question for question in form.questions() if question.kind is not Kind.DISPLAY]
    want = asked_alone.wanted(said)
    return {
        "visit": times[0].visit, "meaning": asked_alone.meaning(said, [question.id for question in asked]),
        "texts": {question.id: translated(question.text) for question in asked},
        "want": say(form.by_id[asked_alone.WANT], want, translated),
        "times": [_time(handover, answers) for handover, answers in zip(times, said, strict=True)],
    }  # fmt: skip


def _time(handover: Handover, answers: dict[str, Any]) -> dict[str, Any]:
    """One time: each question as it was asked, and the answer in the patient's own terms."""
    form = reader.load(handover.response.form, handover.response.form_version)
    rows = [
        (translated(question.text), say(question, answers.get(question.id), translated) or _("Not reached"))
        for question in form.questions()
        if question.kind is not Kind.DISPLAY
    ]
    return {"handover": handover, "is_open": handovers.is_open(handover, clock.now()), "rows": rows}
