"""Text packs: the words of measures that belong to others, and until when the clinic may use them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import clinicforms as acts
from intake.actions.refusals import NotReadyError
from intake.clinical.measures import pack, reading, table
from intake.clinical.measures.table import Measure
from intake.forms.faults import Fault
from intake.forms.model import Tier
from intake.security.policy import Permission
from intake.store import clinicforms
from intake.web import clock
from intake.web.actor import me
from intake.web.admin.inputs import PackFile
from intake.web.database import session
from intake.web.guard import allow
from intake.web.inputs import options
from intake.web.say import translated

bp = Blueprint("packs", __name__, url_prefix="/admin/packs")


@bp.get("")
@allow(Permission.MANAGE_CLINIC)
def index() -> Any:
    """Every measure, whether its words are here, who holds the permission and until when; and a place to add one."""
    return _index(_form(PackFile(formdata=None)), ())


def _form(form: PackFile) -> PackFile:
    names = ((each.id, translated(each.label)) for each in _taking())
    form.measure.choices = options([("", _("As the file says")), *names])
    return form


def _taking() -> list[Measure]:
    """The measures whose words belong to somebody, and that are not asked alone."""
    found = table.measures().values()
    return [each for each in found if each.tier is not Tier.SAFETY and each.id not in reading.in_our_words()]


def _index(form: PackFile, faults: Sequence[Fault]) -> str:
    rows = []
    for row in clinicforms.everything(session):
        name = row.form.removeprefix(reading.PACK)
        if row.form.startswith(reading.PACK) and name in table.measures():
            rows.append((table.measures()[name], row, clinicforms.read(row)))
    return render_template(
        "admin/packs/index.html", rows=rows, form=form, faults=faults, today=clock.today(),
        wordless=[each for each in _taking() if each.id not in {found.id for found, _row, _words in rows}],
    )  # fmt: skip


@bp.post("")
@allow(Permission.MANAGE_CLINIC)
def create() -> Any:
    """Keep the form that a pack makes as a draft, or list everything that is wrong with the pack."""
    form = _form(PackFile())
    if not form.validate_on_submit():
        return _index(form, ()), 422
    given = form.given()
    if isinstance(given, Fault):
        return _index(form, (given,)), 422
    form.text.data = given
    made = pack.form_text(given, pack.Said(form.measure.data, form.holder.data or "", form.until.data))
    if isinstance(made, list):
        return _index(form, made), 422
    try:
        row = acts.add(session, made, by=me(), now=clock.now())
    except NotReadyError as refusal:
        return _index(form, refusal.reasons), 422
    flash(_("The draft is kept. Look at the preview, then publish it."))
    return redirect(url_for("admin.forms.show", form_id=row.id), 303)
