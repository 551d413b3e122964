"""The forms patients fill in: ours, and those the clinic made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import clinicforms as acts
from intake.actions.refusals import NotReadyError, ReplacedError
from intake.clinical import returning
from intake.forms import ours, reader
from intake.forms.faults import Fault
from intake.security.policy import Permission
from intake.store import clinicforms, visitforms
from intake.store.clinicforms import ClinicForm
from intake.web import clock
from intake.web.actor import me
from intake.web.admin.inputs import FormFile
from intake.web.clinic.inputs import VISIT_KINDS
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.typed import only

bp = Blueprint("forms", __name__, url_prefix="/admin/forms")


@bp.get("")
@allow(Permission.MANAGE_CLINIC)
def index() -> Any:
    """Every form patients can be asked for, and which visits ask for which."""
    read = [(row, clinicforms.read(row)) for row in clinicforms.everything(session)]
    own = [(row, form.title) for row, form in read]
    return render_template(
        "admin/forms/index.html",
        ours=[reader.latest(name) for name in ours.lenders()], own=own, kinds=VISIT_KINDS,
        current={row.form: row.id for row, _title in own if clinicforms.in_use(session, row.form) is row},
        asked={kind: visitforms.assigned(session, kind) for kind, _words in VISIT_KINDS},
        titles=_titles([(row, form.title) for row, form in read if ours.for_patients(form)]),
        for_notes={row.form for row, form in read if form.audience == ours.CLINICIAN},
        most=acts.MOST_FORMS, full=returning.FULL,
    )  # fmt: skip


def _titles(own: Sequence[tuple[ClinicForm, str]]) -> dict[str, str]:
    """{form: its title} of what visits can ask for."""
    found = {name: reader.latest(name).title for name in ours.lenders()}
    return found | {row.form: title for row, title in own if clinicforms.in_use(session, row.form) is row}


@bp.get("/new")
@allow(Permission.MANAGE_CLINIC)
def new() -> Any:
    """A place to paste or upload a form file."""
    return _new(FormFile(), ())


def _new(form: FormFile, faults: Sequence[Fault]) -> str:
    return render_template("admin/forms/new.html", form=form, faults=faults)


@bp.post("/new")
@allow(Permission.MANAGE_CLINIC)
def create() -> Any:
    """Keep the form as a draft, or list everything that is wrong with it beside its text."""
    form = FormFile()
    if not form.validate_on_submit():
        return _new(form, ()), 422
    given = form.given()
    if isinstance(given, Fault):
        return _new(form, (given,)), 422
    form.text.data = given
    try:
        row = acts.add(session, given, by=me(), now=clock.now())
    except NotReadyError as refusal:
        return _new(form, refusal.reasons), 422
    flash(_("The draft is kept. Look at the preview, then publish it."))
    return redirect(url_for("admin.forms.show", form_id=row.id), 303)


@bp.get("/<uuid:form_id>")
@allow(Permission.MANAGE_CLINIC, form=clinicforms.get)
def show(form: ClinicForm) -> Any:
    """One version: how far it has come, what could read easier, and its text."""
    return _show(form, acts.check(session, form.text).faults if form.status == clinicforms.DRAFT else ())


def _show(form: ClinicForm, faults: Sequence[Fault]) -> str:
    used = [words for kind, words in VISIT_KINDS if form.form in visitforms.assigned(session, kind)]
    newest = clinicforms.in_use(session, form.form)
    return render_template(
        "admin/forms/show.html",
        row=form, form=clinicforms.read(form), faults=faults, used=used,
        replaced=newest if newest is not None and newest.version > form.version else None,
    )  # fmt: skip


@bp.post("/<uuid:form_id>/publish")
@allow(Permission.MANAGE_CLINIC, form=clinicforms.get)
@fresh
def publish(form: ClinicForm) -> Any:
    """Let visits ask for it. Its words are final from now on."""
    only("seen")
    try:
        acts.publish(session, form, seen=request.form.get("seen", ""), by=me(), now=clock.now())
    except NotReadyError as refusal:
        return _show(form, refusal.reasons), 422
    except ReplacedError as refusal:
        flash(_(str(refusal)))
        return redirect(url_for("admin.forms.show", form_id=form.id), 303)
    is_note = clinicforms.read(form).audience == ours.CLINICIAN
    for_notes = _("Published. Therapists are offered it among the kinds of notes.")
    flash(for_notes if is_note else _("Published. Choose below which visits ask for it."))
    return redirect(url_for("admin.forms.index"), 303)


@bp.post("/<uuid:form_id>/retire")
@allow(Permission.MANAGE_CLINIC, form=clinicforms.get)
@fresh
def retire(form: ClinicForm) -> Any:
    """Ask for it no more. What was answered stays."""
    acts.retire(session, form, by=me(), now=clock.now())
    flash(_("Retired. Answers that were given to it stay as they are."))
    return redirect(url_for("admin.forms.index"), 303)


@bp.post("/<uuid:form_id>/discard")
@allow(Permission.MANAGE_CLINIC, form=clinicforms.get)
def discard(form: ClinicForm) -> Any:
    """Throw a draft away."""
    acts.discard(session, form, by=me(), now=clock.now())
    flash(_("The draft is gone."))
    return redirect(url_for("admin.forms.index"), 303)
