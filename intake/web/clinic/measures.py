"""Outcome measures of a patient: what they came to, how they move, and typing in numbers from elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import measures as acts
from intake.actions.refusals import NotReadyError, RefusedError
from intake.clinical.measures import table
from intake.clinical.measures.results import Result, newest_first, notes, result
from intake.clinical.measures.table import Measure
from intake.clinical.measures.trend import trends
from intake.forms.model import Tier
from intake.security.policy import Permission, may
from intake.store import measures, patients, people
from intake.store.measures import Taken
from intake.store.patients import Patient
from intake.store.responses import Response
from intake.web import actor, clock
from intake.web.actor import me
from intake.web.clinic.inputs import WhyOut
from intake.web.clinic.numbers import Numbers, numbers_form
from intake.web.database import session
from intake.web.guard import allow
from intake.web.say import translated

bp = Blueprint("measures", __name__, url_prefix="/clinic")


@bp.get("/charts/<uuid:patient_id>/measures")
@allow(Permission.READ_CHART, patient=patients.get)
def index(patient: Patient) -> Any:
    """Every measurement, each measure with its trend, and what can be typed in."""
    found = _results(patient)
    return render_template(
        "clinic/measures/index.html",
        patient=patient, results=found, trends=trends(found), latest=latest(found), notes=_notes,
        offered=_offered(patient), may_enter=may(me(), Permission.ENTER_PAPER, patient), zone=clock.zone(),
        may_print=may(me(), Permission.PRINT_INTAKE, patient),
    )  # fmt: skip


def glance(patient: Patient) -> dict[str, Any]:
    """What the chart shows of the measures: the newest of each, and how those move that were taken twice."""
    found = _results(patient)
    moved = [each for each in trends(found) if len(each.points) > 1]
    return {"measured": latest(found), "trends": moved, "measure_notes": _notes}


def latest(found: Collection[Result]) -> list[Result]:
    """The newest measurement of each measure, in the order of the table."""
    newest = {each.measure.id: each for each in reversed(newest_first(found))}
    return [newest[name] for name in table.measures() if name in newest]


def _results(patient: Patient) -> list[Result]:
    tiers = actor.tiers_of(patient)
    found = [_result(each) for each in measures.of_patient(session, patient.id, tiers)]
    shown = [each for each in found if each.measure.tier in tiers]
    actor.saw(each.measure.tier for each in shown)
    return newest_first(shown)


def _result(taken: Taken) -> Result:
    return result(taken.measure, taken.given, taken.at, taken)


def _notes(found: Result) -> list[str]:
    """What has to be said beside a number, translated."""
    return [translated(text) % values for text, values in notes(found)]


# ---------------------------------------------------------------- typing in


def _offered(patient: Patient) -> list[Measure]:
    """The measures whose numbers whoever asks may type in; what is asked alone has a place of its own."""
    tiers = actor.tiers_of(patient)
    return [each for each in table.measures().values() if each.tier in tiers and each.tier is not Tier.SAFETY]


def _asked(patient: Patient, name: str) -> Measure:
    """The measure that is meant: the first of all where none is named."""
    found = next((each for each in _offered(patient) if name in {each.id, ""}), None)
    return found or abort(404)


@bp.get("/charts/<uuid:patient_id>/measures/new")
@allow(Permission.ENTER_PAPER, patient=patients.get)
def new(patient: Patient) -> Any:
    """A field for each item of a measure, or its total."""
    found = _asked(patient, request.args.get("measure", ""))
    return _new(patient, found, numbers_form(found, patient, blank=True))


def _new(patient: Patient, found: Measure, form: Numbers) -> str:
    return render_template("clinic/measures/new.html", patient=patient, measure=found, form=form)


@bp.post("/charts/<uuid:patient_id>/measures/new")
@allow(Permission.ENTER_PAPER, patient=patients.get)
def enter(patient: Patient) -> Any:
    """Keep the numbers, or show what they cannot be."""
    found = _asked(patient, request.form.get("measure", ""))
    form = numbers_form(found, patient)
    if not form.validate_on_submit():
        return _new(patient, found, form), 422
    visit = next(each for each in patient.visits if each.id == UUID(form.visit.data))
    try:
        acts.enter(
            session, visit, found.id, form.given(), source=form.source.data, on=form.on.data, by=me(),
            today=clock.today(), now=clock.now(),
        )  # fmt: skip
    except NotReadyError as refusal:
        form.say(refusal.reasons)
        return _new(patient, found, form), 422
    except RefusedError as refusal:
        flash(_(str(refusal)))
        return _new(patient, found, form), 422
    flash(_("The numbers are kept."))
    return redirect(url_for("clinic.measures.index", patient_id=patient.id), 303)


# ---------------------------------------------------------------- one set of numbers


@bp.get("/measures/<uuid:measurement_id>")
@allow(Permission.TAKE_OUT_PAPER, measurement=measures.get)
def show(measurement: Response) -> Any:
    """The numbers as they were typed in, and the form to take them out."""
    return _show(measurement, WhyOut(formdata=None))


def _show(measurement: Response, form: WhyOut) -> str:
    patient = measurement.patient
    found = next((each for each in _results(patient) if each.source.response.id == measurement.id), None)
    by = people.user(session, measurement.entered_by_id) if measurement.entered_by_id else None
    return render_template(
        "clinic/measures/show.html",
        patient=patient, found=found or abort(404), form=form, response=measurement, by=by, notes=_notes,
        zone=clock.zone(),
    )  # fmt: skip


@bp.post("/measures/<uuid:measurement_id>/take-out")
@allow(Permission.TAKE_OUT_PAPER, measurement=measures.get)
def take_out(measurement: Response) -> Any:
    """The numbers count no more; why stays on record."""
    form = WhyOut()
    if not form.validate_on_submit():
        return _show(measurement, form), 422
    patient_id = measurement.patient_id
    acts.take_out(session, measurement, form.text.data, by=me(), now=clock.now())
    flash(_("Taken out. Warning signs it raised stay on the worklist until somebody closes them."))
    return redirect(url_for("clinic.measures.index", patient_id=patient_id), 303)
