"""The clinic's procedures with their labels and fees, its payers with their rules, and which diagnoses are loaded."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import codes as acts
from intake.clinical.coding import codes as rules
from intake.clinical.coding import files
from intake.clinical.coding.codes import Code
from intake.security.policy import Permission
from intake.store import codes
from intake.store.codes import Listed
from intake.web import clock
from intake.web.actor import me
from intake.web.admin.inputs import Payer, Procedure
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("codes", __name__, url_prefix="/admin/codes")


@bp.get("")
@allow(Permission.MANAGE_CLINIC)
def index() -> Any:
    """The lists, and the forms to add to them."""
    return _page(Procedure(formdata=None), Payer(formdata=None))


def _page(procedure: Procedure, payer: Payer) -> str:
    today = clock.today()
    return render_template(
        "admin/codes/index.html",
        procedure=procedure, payer=payer, money=files.money, always=rules.ALWAYS,
        procedures=_standing(codes.PROCEDURE), payers=_standing(codes.PAYER),
        releases=codes.releases(session), ours=len(rules.ours()), release=rules.rules()["release"], today=today,
    )  # fmt: skip


def _standing(kind: str) -> list[Listed]:
    """What is used today or later."""
    today = clock.today()
    return [row for row in codes.of_kind(session, kind) if row.valid_to is None or row.valid_to >= today]


@bp.post("/procedures")
@allow(Permission.MANAGE_CLINIC)
def add() -> Any:
    """Add a procedure, or give one another label, fee or timing from a day on."""
    form = Procedure()
    if not form.validate_on_submit():
        return _page(form, Payer(formdata=None)), 422
    code = Code(
        rules.procedure(form.code.data), form.label.data, form.since.data or clock.today(),
        timed=form.timed.data, fee=files.cents(form.fee.data or ""),
    )  # fmt: skip
    acts.load(session, codes.PROCEDURE, [code], by=me(), now=clock.now())
    flash(_("Saved."))
    return redirect(url_for("admin.codes.index"), 303)


@bp.post("/payers")
@allow(Permission.MANAGE_CLINIC)
def add_payer() -> Any:
    """Add a payer, or give one another rule from a day on."""
    form = Payer()
    if not form.validate_on_submit():
        return _page(Procedure(formdata=None), form), 422
    name = " ".join(form.payer.data.split())
    code = Code(name, name, form.starts.data or clock.today(), rule=form.rule.data)
    acts.load(session, codes.PAYER, [code], by=me(), now=clock.now())
    flash(_("Saved."))
    return redirect(url_for("admin.codes.index", _anchor="payers"), 303)


@bp.post("/<uuid:code_id>/stop")
@allow(Permission.MANAGE_CLINIC, code=codes.get)
def stop(code: Listed) -> Any:
    """Use a procedure or payer no more; visits before today keep it."""
    acts.stop(session, code, today=clock.today(), by=me(), now=clock.now())
    flash(_("Not used any more from today on."))
    return redirect(url_for("admin.codes.index"), 303)
