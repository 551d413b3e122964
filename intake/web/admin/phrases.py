"""The clinic's phrases for notes, which everybody who writes notes has."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from intake.security.policy import Permission
from intake.web import phrases
from intake.web.guard import allow
from intake.web.phrases import PhraseForm

bp = Blueprint("phrases", __name__, url_prefix="/admin/phrases")


def _page(form: PhraseForm | None = None) -> str:
    return render_template("admin/phrases/index.html", **phrases.listed(None, form), place="admin")


@bp.get("")
@allow(Permission.MANAGE_CLINIC)
def index() -> Any:
    """All of them, and a form for a new one."""
    return _page()


@bp.post("")
@allow(Permission.MANAGE_CLINIC)
def save() -> Any:
    """Keep a new one, or a changed one."""
    form = PhraseForm()
    code = phrases.save(None, form)
    return _done() if code == phrases.SAVED else (_page(form), code)


@bp.post("/remove")
@allow(Permission.MANAGE_CLINIC)
def remove() -> Any:
    """Take one away."""
    code = phrases.remove(None)
    return _done() if code == phrases.SAVED else (_page(), code)


def _done() -> Any:
    return redirect(url_for("admin.phrases.index"), 303)
