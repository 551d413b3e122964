"""The accounting of disclosures for one patient: a page that prints well, and the same as a table to download."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from intake.clinical import acts
from intake.clinical.acts import LOOKS_BACK, Accounting
from intake.clinical.chart_numbers import chart_number
from intake.security import cells
from intake.security.policy import TIERS, Permission
from intake.store import patients, report
from intake.store.lines import AuditEvent
from intake.store.patients import Patient
from intake.web import clock
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.report import named, row

bp = Blueprint("disclosures", __name__, url_prefix="/privacy/patients/<uuid:patient_id>/disclosures")


@bp.get("")
@allow(Permission.READ_AUDIT, patient=patients.get)
def show(patient: Patient) -> Any:
    """What left Fernleaf of one record in six years, and apart from that who of the clinic worked with it."""
    lines = _lines(patient)
    found, people = acts.accounting(lines, TIERS), report.people(session, lines)
    parts = {name: [row(line, people, {}) for line in getattr(found, name)] for name, _title in _parts()}
    inside = [
        {"who": people.get(seen.actor_id), "parts": named(seen.categories), "seen": seen} for seen in found.inside
    ]
    return render_template(
        "privacy/disclosures/show.html",
        patient=patient, number=chart_number(patient.id), since=clock.now() - LOOKS_BACK, now=clock.now(),
        parts=[(name, title, parts[name]) for name, title in _parts()], inside=inside,
    )  # fmt: skip


@bp.get("/table.csv")
@allow(Permission.EXPORT_AUDIT, patient=patients.get)
@fresh
def download(patient: Patient) -> Any:
    """Every line of the accounting in a row of its own."""
    lines = _lines(patient)
    text = "\ufeff" + cells.table(_rows(acts.accounting(lines, TIERS), lines))  # the mark tells Excel it is UTF-8
    name = f"accounting-{chart_number(patient.id)}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="text/csv", headers=headers)


def _lines(patient: Patient) -> list[AuditEvent]:
    return report.of_patient(session, patient.id, clock.now() - LOOKS_BACK)


def _parts() -> tuple[tuple[str, str], ...]:
    return (
        ("disclosed", _("Taken out of Fernleaf")),
        ("given", _("Documents made for the patient")),
        ("emergencies", _("Opened in an emergency by somebody outside the care team")),
    )


def _rows(found: Accounting, lines: list[AuditEvent]) -> list[tuple[str, ...]]:
    people = report.people(session, lines)
    head = (_("List"), _("When"), _("Who"), _("Roles"), _("What"), _("Parts seen"), _("Times"))
    single = [
        (title, _moment(shown.at), shown.who, shown.roles, shown.what, shown.parts, "1")
        for name, title in _parts()
        for shown in (row(line, people, {}) for line in getattr(found, name))
    ]
    inside = _("Worked with inside the clinic")
    summed = [
        (
            inside, _("%(first)s to %(last)s", first=_moment(seen.first), last=_moment(seen.last)),
            people[seen.actor_id].name if seen.actor_id in people else "", "", "", named(seen.categories),
            str(seen.times),
        )
        for seen in found.inside
    ]  # fmt: skip
    return [head, *single, *summed]


def _moment(value: datetime) -> str:
    """In the clinic's time, as a spreadsheet sorts it."""
    return value.astimezone(clock.zone()).strftime("%Y-%m-%d %H:%M")
