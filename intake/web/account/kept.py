"""A page that was kept while a factor was due: to be read, and then sent on or thrown away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.security.policy import Permission
from intake.store import kept
from intake.store.kept import KeptPage
from intake.web import intents, keeping, retold
from intake.web.actor import me
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("kept", __name__, url_prefix="/kept")


@bp.get("/<uuid:page_id>")
@allow(Permission.USE_OWN, page=kept.get)
def show(page: KeptPage) -> Any:
    """What was sent and what it would do, with a button for each way on. Nothing goes on by itself."""
    sent = keeping.sent(page) or abort(404)
    return render_template(
        "account/kept/show.html",
        page=page, sent=sent, what=intents.words(sent.path) or abort(404), rows=retold.rows(sent),
        about=retold.about(sent), where=retold.where(sent), opens=intents.can_be_opened(sent.path),
    )  # fmt: skip


@bp.post("/<uuid:page_id>/discard")
@allow(Permission.USE_OWN, page=kept.get)
def discard(page: KeptPage) -> Any:
    """Throw it away."""
    kept.forget(session, me(), page.id)
    session.commit()
    flash(_("Discarded."))
    return redirect(url_for("home"), 303)
