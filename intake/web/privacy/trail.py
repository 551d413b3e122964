"""Who opened what: the audit trail as the privacy lead reads it, and whether it holds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from intake.clinical.chart_numbers import ids
from intake.security.policy import Permission
from intake.store import checkpoints, emergencies, patients, people, report
from intake.store.patients import Patient
from intake.web import clock
from intake.web.database import session
from intake.web.guard import allow
from intake.web.report import Whose, rows, sought

bp = Blueprint("trail", __name__, url_prefix="/privacy/trail")
MOST_SHOWN = 50
MOST_FOUND = 10


@bp.get("")
@allow(Permission.READ_AUDIT)
def index() -> Any:
    """The newest lines, or those somebody looks for."""
    return _page()


@bp.post("")
@allow(Permission.READ_AUDIT)
def search() -> Any:
    """On to the lines about one patient. The name is not put into an address."""
    form = Whose()
    if not form.validate_on_submit():
        return _page(whose=form, status=422)
    found = _found(form)
    if not found:
        return _page(whose=form, status=404, nobody=True)
    if len(found) > 1:
        return _page(whose=form, found=found)
    return redirect(url_for("privacy.trail.about", patient_id=found[0].id), 303)


@bp.get("/<uuid:patient_id>")
@allow(Permission.READ_AUDIT, patient=patients.get)
def about(patient: Patient) -> Any:
    """The lines about one patient."""
    return _page(patient)


def _found(form: Whose) -> list[Patient]:
    between = ids(form.number.data) if form.number.data else None
    if between:
        return report.patients_between(session, *between, MOST_FOUND)
    return patients.by_two_identifiers(session, form.name.data, form.birth_date.data)


def _page(
    patient: Patient | None = None, whose: Whose | None = None, status: int = 200, **more: Any
) -> tuple[str, int]:
    form = sought(people.staff(session))
    good = form.validate()
    asked = form.asked(clock.zone(), patient) if good else report.Asked(patient_id=patient.id if patient else None)
    page = report.page(session, asked, MOST_SHOWN, form.number if good else None)
    html = render_template(
        "privacy/trail/index.html",
        form=form, whose=whose or Whose(formdata=None), patient=patient, rows=rows(session, list(page.lines)),
        older=page.older, again=form.again(), first=good and form.number is None, **_state(), **more,
    )  # fmt: skip
    return html, status if good else 422


def _state() -> dict[str, Any]:
    """What there is to say about the trail itself, and how many emergencies wait for a look."""
    waiting = sum(1 for row in emergencies.to_review(session) if row.reviewed_at is None)
    return {"kept": checkpoints.last(session), "tested": checkpoints.verified(session), "waiting": waiting}
