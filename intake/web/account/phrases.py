"""One's own phrases for notes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from intake.security.policy import Permission
from intake.web import phrases
from intake.web.actor import me
from intake.web.guard import allow
from intake.web.phrases import PhraseForm

bp = Blueprint("phrases", __name__, url_prefix="/account/phrases")


def _page(form: PhraseForm | None = None) -> str:
    return render_template("account/phrases/index.html", **phrases.listed(me(), form), place="account")


@bp.get("")
@allow(Permission.USE_ACCOUNT)
def index() -> Any:
    """All of them, and a form for a new one."""
    return _page()


@bp.post("")
@allow(Permission.USE_ACCOUNT)
def save() -> Any:
    """Keep a new one, or a changed one."""
    form = PhraseForm()
    code = phrases.save(me(), form)
    return _done() if code == phrases.SAVED else (_page(form), code)


@bp.post("/remove")
@allow(Permission.USE_ACCOUNT)
def remove() -> Any:
    """Take one away."""
    code = phrases.remove(me())
    return _done() if code == phrases.SAVED else (_page(), code)


def _done() -> Any:
    return redirect(url_for("account.phrases.index"), 303)
