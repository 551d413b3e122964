"""A page that was kept while a factor was due, to be sent on."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, render_template

from intake.security.policy import Permission
from intake.store import kept
from intake.store.kept import KeptPage
from intake.web import keeping
from intake.web.actor import me
from intake.web.guard import allow

bp = Blueprint("kept", __name__, url_prefix="/kept")


def _mine(session: Any, page_id: uuid.UUID) -> KeptPage | None:
    page = kept.get(session, page_id)
    return page if page is not None and page.user_id == me().id else None


@bp.get("/<uuid:page_id>")
@allow(Permission.USE_ACCOUNT, page=_mine)
def show(page: KeptPage) -> Any:
    """What was sent, in a form with one button; the script presses it."""
    return render_template("account/kept/show.html", sent=keeping.sent(page) or abort(404), page=page)
