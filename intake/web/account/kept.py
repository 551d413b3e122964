"""A page that was kept while a factor was due, to be sent on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template

from intake.security.policy import Permission
from intake.store import kept
from intake.store.kept import KeptPage
from intake.web import keeping
from intake.web.guard import allow

bp = Blueprint("kept", __name__, url_prefix="/kept")


@bp.get("/<uuid:page_id>")
@allow(Permission.USE_OWN, page=kept.get)
def show(page: KeptPage) -> Any:
    """What was sent, in words, in a form with one button.

    Nothing goes on by itself: whoever stood at the screen before may have sent it, and the factor that was just given
    must not be theirs to use.
    """
    return render_template("account/kept/show.html", sent=keeping.sent(page) or abort(404), page=page)
