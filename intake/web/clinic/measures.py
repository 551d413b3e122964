"""Outcome measures of a patient: what they came to, how they move, and typing in numbers from elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask import Response as Answer
from flask_babel import gettext as _

from intake.actions import measures as acts
from intake.actions.refusals import NotReadyError, RefusedError
from intake.clinical import treatment_days
from intake.clinical.measures import batteries, table
from intake.clinical.measures.batteries import Course, Due, due, for_one_visit
from intake.clinical.measures.results import Result, newest_first, notes, result
from intake.clinical.measures.table import Measure
from intake.clinical.measures.trend import ERROR, Trend, trends
from intake.forms import disclosure
from intake.forms.conditions import Answers
from intake.forms.model import Tier
from intake.pdf.model import ChartMark, ChartPoint, ChartRun, MeasureRecord, MeasureRow, MeasureTrend
from intake.pdf.press import press
from intake.security.limits import Bucket
from intake.security.policy import Permission, may
from intake.store import history, measures, patients, people, responses
from intake.store import notes as written
from intake.store.history import HandedIn
from intake.store.measures import Taken
from intake.store.notes import Briefs
from intake.store.patients import Patient
from intake.store.responses import Response
from intake.web import actor, clock, filters, limits
from intake.web.actor import me
from intake.web.clinic import kinds
from intake.web.clinic.inputs import WhyOut
from intake.web.clinic.numbers import Numbers, numbers_form
from intake.web.database import session
from intake.web.guard import allow
from intake.web.say import translated

bp = Blueprint("measures", __name__, url_prefix="/clinic")
Paper = Literal["letter", "a4"]


@bp.get("/charts/<uuid:patient_id>/measures")
@allow(Permission.READ_CHART, patient=patients.get)
def index(patient: Patient) -> Any:
    """Every measurement, each measure with its trend, and what can be typed in."""
    found = _results(patient)
    return render_template(
        "clinic/measures/index.html",
        patient=patient, results=found, trends=_moved(found), latest=latest(found), notes=_notes,
        offered=_offered(patient), may_enter=may(me(), Permission.ENTER_PAPER, patient), zone=clock.zone(),
        may_print=may(me(), Permission.PRINT_INTAKE, patient),
        may_take_out=may(me(), Permission.TAKE_OUT_PAPER, patient), labels=_labels(), **_due(patient, found),
    )  # fmt: skip


def glance(patient: Patient, opened: Sequence[HandedIn], briefs: Briefs) -> dict[str, Any]:
    """What the chart shows of the measures: the newest of each, how those move that were taken twice, what is due.

    `opened` is all the patient was asked to fill in (history.every), `briefs` all notes (notes.briefs).
    """
    found = _results(patient)
    now = _due_now(patient, _course(patient, found, _told(patient, opened), briefs))
    return {
        "measured": latest(found), "trends": _moved(found), "measure_notes": _notes,
        "measures_due": now, "measure_labels": _labels() if now else {},
    }  # fmt: skip


def waiting(patient: Patient) -> tuple[list[str], int]:
    """What is due today, for a list of several patients: the names of what may stand there, and how many in all.

    Somebody else may look at such a list too, so what is private is counted and not named.
    """
    tiers = actor.tiers_of(patient)
    taken = results(measures.of_patient(session, patient.id, tiers))
    now = _due_now(patient, _course(patient, taken, _said(patient), written.briefs(session, patient.id)))
    known = table.measures()
    plain = [each.usual for each in now if all(known[name].tier is Tier.CARE for name in each.measures)]
    return [translated(known[name].label) for name in plain], len(now)


def _moved(found: Collection[Result]) -> list[Trend]:
    """The trends of what was taken more than once."""
    return [each for each in trends(found) if len(each.points) > 1]


def _due(patient: Patient, found: Collection[Result]) -> dict[str, Any]:
    """What is due now, and what would be at the end of care; both as far as whoever looks may see."""
    course = _course(patient, found, _said(patient), written.briefs(session, patient.id))
    now, ending = _due_now(patient, course), _due_now(patient, replace(course, is_ending=True))
    asked = for_one_visit(now)
    return {"due": asked, "later": [each for each in now if each not in asked], "ending": ending}


def _due_now(patient: Patient, course: Course) -> list[Due]:
    """What is due, but for what whoever looks may not see."""
    tiers = actor.tiers_of(patient)
    seen = {name for name, each in table.measures().items() if each.tier in tiers}
    return [each for each in due(course) if seen.issuperset(each.measures)]


def _course(patient: Patient, found: Collection[Result], told: Answers, briefs: Briefs) -> Course:
    zone = clock.zone()
    return Course(
        today=clock.today(),
        visits=[each.starts_at.astimezone(zone).date() for each in patient.visits if each.cancelled_at is None],
        taken=_days(found), conditions=batteries.conditions(told),
        begins=treatment_days.begins(kinds.written(briefs)),
    )  # fmt: skip


def _said(patient: Patient) -> Answers:
    """The newest word on each question of her forms that are in, below the ceiling of whoever looks."""
    newest = history.latest(session, patient.id)
    if newest is None:
        return {}
    return _told(patient, [*history.before(session, newest), history.opened(session, newest)])


def _told(patient: Patient, opened: Iterable[HandedIn]) -> Answers:
    """The same, of forms that were opened before."""
    ceiling = actor.chart_ceiling(patient)
    if not ceiling:
        return {}
    into = [each for each in opened if each.response.status == responses.COMPLETED]
    return history.newest([replace(e, answers=disclosure.disclosed(e.form, e.answers, ceiling)) for e in into])


def _days(found: Collection[Result]) -> dict[str, list[date]]:
    """{measure: the days on which it was taken and gave a total}."""
    days: dict[str, list[date]] = {}
    for each in found:
        if each.total is not None:
            days.setdefault(each.measure.id, []).append(each.at.astimezone(clock.zone()).date())
    return days


def _labels() -> dict[str, str]:
    return {name: translated(each.label) for name, each in table.measures().items()}


def latest(found: Collection[Result]) -> list[Result]:
    """The newest measurement of each measure, in the order of the table."""
    newest = {each.measure.id: each for each in reversed(newest_first(found))}
    return [newest[name] for name in table.measures() if name in newest]


def _results(patient: Patient) -> list[Result]:
    return _below(patient, actor.tiers_of(patient))


def _below(patient: Patient, tiers: Collection[str]) -> list[Result]:
    """The results of these tiers, the newest first."""
    found = results(measures.of_patient(session, patient.id, tiers))
    shown = [each for each in found if each.measure.tier in tiers]
    actor.saw(each.measure.tier for each in shown)
    return newest_first(shown)


def results(taken: Iterable[Taken]) -> list[Result]:
    """What measurements came to that are in the order in which they came in."""
    return [result(each.measure, each.given, each.at, place=place, source=each) for place, each in enumerate(taken)]


def _notes(found: Result) -> list[str]:
    """What has to be said beside a number, translated."""
    return [translated(text) % values for text, values in notes(found)]


# ---------------------------------------------------------------- on paper


@bp.get("/charts/<uuid:patient_id>/measures/<any(letter, a4):paper>")
@allow(Permission.PRINT_INTAKE, patient=patients.get)
def document(patient: Patient, paper: Paper) -> Any:
    """The measures as a PDF, nothing above the care tier."""
    limits.charge(Bucket.DOCUMENTS, str(me().id))
    tiers = [tier for tier in actor.tiers_of(patient) if Tier(tier).rank <= Tier.CARE.rank]
    content = press.print(_record(patient, _below(patient, tiers)), paper=paper)
    disposition = 'inline; filename="measures.pdf"'
    return Answer(content, mimetype="application/pdf", headers={"Content-Disposition": disposition})


def _record(patient: Patient, found: list[Result]) -> MeasureRecord:
    clinic, drawn = clock.clinic(), {each.measure.id: each for each in trends(found)}
    return MeasureRecord(
        clinic_name=clinic.name if clinic else "", name=patient.name, birth_date=patient.birth_date,
        printed_on=clock.today(),
        trends=tuple(
            _drawn(drawn.get(name), [each for each in reversed(found) if each.measure.id == name])
            for name in table.measures()
            if any(each.measure.id == name for each in found)
        ),
    )  # fmt: skip


def _drawn(trend: Trend | None, found: list[Result]) -> MeasureTrend:
    """One measure; only what moved has a chart."""
    rows = tuple(_row(each) for each in found)
    label = translated(found[0].measure.label)
    if trend is None or len(trend.points) == 1:
        return MeasureTrend(label, "", "", "", (), (), rows)
    runs = tuple(ChartRun(tuple(ChartPoint(p.x, p.y, _is_hollow(p.result)) for p in run)) for run in trend.runs)
    marks = tuple(ChartMark(line.y, line.mark.kind == ERROR, filters.mark_words(line.mark)) for line in trend.lines)
    ends = filters.amount(trend.low), filters.amount(trend.high)
    return MeasureTrend(label, filters.trend_words(trend), *ends, runs, marks, rows)


def _is_hollow(found: Result) -> bool:
    return found.is_by_hand or bool(found.score and found.score.prorated)


def _row(found: Result) -> MeasureRow:
    band = translated(found.score.band) if found.score and found.score.band else ""
    total = "" if found.total is None else filters.amount(found.total)
    names = ", ".join(f"\u201c{name}\u201d" for name in found.given.names if name)
    words = ". ".join(filter(None, (f"({band})" if band else "", names, *_notes(found))))
    return MeasureRow(found.at.astimezone(clock.zone()).date(), total, words)


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
