"""The course of care: goals over time, the clocks of the plan of care, and what happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from intake.actions import courses as acts
from intake.actions.refusals import RefusedError
from intake.clinical import certification, goals, treatment_days
from intake.clinical.certification import Act, Clock, Due, Duty
from intake.clinical.kinds import DISCHARGE, PROGRESS
from intake.clinical.treatment_days import Count
from intake.forms.model import Tier
from intake.security.policy import Permission, may
from intake.store import courses, notes, patients
from intake.store.courses import PlanEvent
from intake.store.notes import Briefs
from intake.store.patients import Patient
from intake.web import actor, clock
from intake.web.actor import me
from intake.web.clinic import coding, kinds
from intake.web.clinic.inputs import PLAN_ACTS, PLAN_WAYS, PlanAct
from intake.web.database import session
from intake.web.guard import allow
from intake.web.say import translated

bp = Blueprint("courses", __name__, url_prefix="/clinic/charts")
AHEAD = timedelta(days=14)  # how early a day that comes up is told


@dataclass(frozen=True, slots=True)
class Line:
    """Something that is due, in words; `on` is None for what counts treatment days. `begun` is what would settle it."""

    words: str
    on: date | None
    is_overdue: bool
    begun: str = ""


@bp.get("/<uuid:patient_id>/course")
@allow(Permission.READ_CHART, patient=patients.get)
def show(patient: Patient) -> Any:
    """Goals, what is due, and what was recorded."""
    return _page(patient, PlanAct(formdata=None, on=clock.today()))


def _page(patient: Patient, form: PlanAct) -> str:
    rows = courses.of_patients(session, [patient.id]).get(patient.id, [])
    sources = coding.sources(patient)
    close = goals.over_time(sources, goals.CLOSE)
    actor.saw([Tier.CARE, *([Tier.SENSITIVE] if close else [])])
    found, standing = _clock(rows), {row.id for row in courses.standing(rows)}
    count = _count(patient.id)
    return render_template(
        "clinic/courses/show.html",
        patient=patient, form=form, goals=goals.over_time(sources), close=close, today=clock.today(),
        clock=found, lines=_lines(found, count), count=count, begun=_begun(count),
        rows=rows, standing=standing, told=certification.TOLD, acts=ACTS, ways=dict(PLAN_WAYS),
        may_follow=may(me(), Permission.FOLLOW_PLAN, patient), statuses=coding.STATUSES,
    )  # fmt: skip


ACTS = {
    **dict(PLAN_ACTS),
    Act.FIRST: _l("A plan of care was made"),
    Act.AGAIN: _l("The plan of care was changed, or goes on"),
    Act.ENDED: _l("Care ended"),
    Act.TAKEN_BACK: _l("An entry was taken back"),
}


@bp.post("/<uuid:patient_id>/course")
@allow(Permission.FOLLOW_PLAN, patient=patients.get)
def record(patient: Patient) -> Any:
    """Keep that something happened to the plan of care."""
    form = PlanAct()
    if not form.validate_on_submit():
        return _page(patient, form), 422
    try:
        acts.keep(
            session, patient, Act(form.act.data), form.on.data, who=form.who.data or "", way=form.way.data,
            by=me(), now=clock.now(), today=clock.today(),
        )  # fmt: skip
    except RefusedError as refusal:
        form.on.errors = [translated(str(refusal))]
        return _page(patient, form), 422
    flash(_("Saved."))
    return redirect(url_for("clinic.courses.show", patient_id=patient.id), 303)


@bp.post("/plan-events/<uuid:event_id>/take-back")
@allow(Permission.FOLLOW_PLAN, event=courses.get)
def take_back(event: PlanEvent) -> Any:
    """Say that an entry was made by mistake."""
    try:
        acts.take_back(session, event, by=me(), now=clock.now())
    except RefusedError as refusal:
        flash(translated(str(refusal)))
    else:
        flash(_("Taken back. Both entries stay on record."))
    return redirect(url_for("clinic.courses.show", patient_id=event.patient_id), 303)


def _clock(rows: Sequence[PlanEvent]) -> Clock:
    return certification.clock(courses.events(rows))


def _count(patient_id: UUID) -> Count | None:
    return treatment_days.of_notes(kinds.written(notes.briefs(session, patient_id)))


def _lines(found: Clock, count: Count | None) -> list[Line]:
    """What is due or overdue, the oldest day first; of certifying what lies within two weeks."""
    today = clock.today()
    due = certification.soon(found.duties, today, AHEAD)
    lines = [Line(_duty(each), each.on, each.is_overdue(today)) for each in due]
    if count is not None and count.is_due():
        lines.append(Line(_progress(count), count.tenth, count.is_overdue(today), " ".join(_begun(count))))
    return lines


def _duty(due: Due) -> str:
    words = {
        Duty.CERTIFY: _("The plan of care needs the signature of whoever certifies it"),
        Duty.CONFIRM: _("The order by word of mouth needs a signature"),
        Duty.RECERTIFY: _("The plan of care ends: certify it again, or discharge"),
    }
    return str(words[due.duty])


def _progress(count: Count) -> str:
    if count.days < treatment_days.EVERY:
        return str(_("Progress report with the next treatment day, which is the tenth"))
    if not count.has_report:
        return str(_("Progress report: %(days)s treatment days, and none yet", days=count.days))
    return str(_("Progress report: %(days)s treatment days since the last one", days=count.days))


def _begun(count: Count | None) -> list[str]:
    """What would settle it, were it signed."""
    words = {
        PROGRESS: _("A progress report is begun and not signed."),
        DISCHARGE: _("A discharge summary is begun and not signed."),
    }
    return [str(line) for kind, line in words.items() if count is not None and kind in count.begun]


def of_mine(treated: Iterable[UUID]) -> list[tuple[Patient, Line]]:
    """What is due for the patients of a therapist, what is overdue first."""
    ids = sorted(treated)
    events, noted = courses.of_patients(session, ids), notes.briefs_of(session, ids)
    counts = {each: treatment_days.of_notes(kinds.written(noted.get(each, ()))) for each in ids}
    found = {each: lines for each in ids if (lines := _lines(_clock(events.get(each, ())), counts[each]))}
    people = {patient.id: patient for patient in patients.of_ids(session, found)}
    rows = [(people[each], line) for each, lines in found.items() if each in people for line in lines]
    return sorted(rows, key=lambda row: (not row[1].is_overdue, row[1].on or date.max, str(row[0].id)))


def glance(patient: Patient, briefs: Briefs) -> list[Line]:
    """What is due for one patient, for the chart."""
    rows = courses.of_patients(session, [patient.id]).get(patient.id, ())
    return _lines(_clock(rows), treatment_days.of_notes(kinds.written(briefs)))
