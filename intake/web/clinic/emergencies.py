"""Opening the chart of somebody else's patient in an emergency: two identifiers, a reason, and an hour."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import emergencies as acts
from intake.clinical.emergency import MINUTES, minutes_left
from intake.security import policy
from intake.security.policy import Permission
from intake.store import emergencies, patients
from intake.store.emergencies import BreakGlass
from intake.store.patients import Patient
from intake.web import clock
from intake.web.access import Opening, TwoIdentifiers
from intake.web.actor import me
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.inputs import options

bp = Blueprint("emergencies", __name__, url_prefix="/clinic/emergency")


@bp.get("")
@allow(Permission.OPEN_EMERGENCY)
def index() -> Any:
    """Name and birth date, and what opening a chart means."""
    return _page(TwoIdentifiers())


@bp.post("")
@allow(Permission.OPEN_EMERGENCY)
def search() -> Any:
    """Whether both fit somebody here: initials only, and the form to open the chart."""
    form = TwoIdentifiers()
    if not form.validate_on_submit():
        return _page(form), 422
    found = acts.search(session, form.name.data, form.birth_date.data, by=me(), now=clock.now())
    if not found:
        return _page(form, nobody=True), 404
    return _page(form, opening=_opening(found, formdata=None, name=form.name.data, birth_date=form.birth_date.data))


@bp.post("/open")
@allow(Permission.OPEN_EMERGENCY)
@fresh
def open_chart() -> Any:
    """Open the chart for an hour. The identifiers are asked of the page again: an id alone opens nothing."""
    asked = Opening()
    name, born = asked.name.data or "", asked.birth_date.data
    form = _opening(patients.by_two_identifiers(session, name, born) if born else [])
    if form.validate_on_submit():
        patient_id = uuid.UUID(form.patient.data)
        acts.open_chart(
            session, patient_id, reason=form.reason.data, text=form.text.data, sensitive=form.sensitive.data,
            by=me(), now=clock.now(),
        )  # fmt: skip
        return redirect(url_for("clinic.charts.show", patient_id=patient_id), 303)
    return _again(form), 422


def _again(form: Opening) -> str:
    """The page once more. It says whether the identifiers fit somebody, so it is a search like the first one."""
    born = form.birth_date.data
    found = acts.search(session, form.name.data or "", born, by=me(), now=clock.now()) if born else []
    return _page(TwoIdentifiers(formdata=None), opening=form if found else None, nobody=not found)


@bp.post("/<uuid:emergency_id>/end")
@allow(Permission.END_EMERGENCY, emergency=emergencies.get)
def end(emergency: BreakGlass) -> Any:
    """Close the chart before the hour is over."""
    acts.end(session, emergency, by=me(), now=clock.now())
    flash(_("The chart is closed."))
    return redirect(url_for("clinic.today.index"), 303)


def banner() -> dict[str, Any] | None:
    """What every page of a chart that was opened in an emergency says on top: how long it stays open, and its id."""
    about = {policy.patient_of(record) for record in g.get("records", ())}
    standing = getattr(g.get("actor"), "standing", policy.NOBODY)
    if not about & standing.emergency.keys():
        return None
    opened = [row for row in emergencies.open_by(session, g.actor.id, clock.now()) if row.patient_id in about]
    if not opened:
        return None
    left = minutes_left(opened[0].expires_at, now=clock.now())
    return {"id": opened[0].id, "minutes": left, "sensitive": any(row.sensitive for row in opened)}


def _opening(found: list[Patient], **more: Any) -> Opening:
    form = Opening(**more)
    form.patient.choices = options((str(patient.id), patient.initials) for patient in found)
    if len(found) == 1 and "name" in more:
        form.patient.data = str(found[0].id)
    return form


def _page(form: TwoIdentifiers, opening: Opening | None = None, *, nobody: bool = False) -> str:
    return render_template("clinic/emergencies/index.html", form=form, opening=opening, nobody=nobody, minutes=MINUTES)
