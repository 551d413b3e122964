"""Charts that were opened in an emergency, for the privacy lead to look at."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import emergencies as acts
from intake.actions.refusals import RefusedError, StaleError
from intake.clinical.emergency import OUTCOMES, REASONS, wait
from intake.security.policy import Permission
from intake.store import emergencies
from intake.store.emergencies import BreakGlass
from intake.web import clock
from intake.web.access import Review
from intake.web.actor import me
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("emergencies", __name__, url_prefix="/privacy/emergency")


@bp.get("")
@allow(Permission.REVIEW_EMERGENCY)
def index() -> Any:
    """What waits for a look, oldest first, and what was looked at."""
    return _page()


@bp.post("/<uuid:emergency_id>")
@allow(Permission.REVIEW_EMERGENCY, emergency=emergencies.get)
def review(emergency: BreakGlass) -> Any:
    """Keep what came of the look."""
    form = Review()
    if not form.validate_on_submit():
        return _page(emergency, form), 422
    try:
        acts.review(
            session, emergency, form.outcome.data, form.note.data or "",
            over=form.version.data, by=me(), now=clock.now(),
        )  # fmt: skip
    except StaleError:
        raise
    except RefusedError as refusal:
        form.outcome.errors = [_(str(refusal))]
        return _page(emergency, form), 422
    flash(_("Kept."))
    return redirect(url_for("privacy.emergencies.index"), 303)


def _page(opened: BreakGlass | None = None, form: Review | None = None) -> str:
    rows = [
        {
            "opened": row, "wait": wait(row.opened_at, row.reviewed_at, now=clock.now()),
            "form": form if opened is not None and row.id == opened.id else Review(formdata=None, version=row.version),
        }
        for row in emergencies.to_review(session)
    ]  # fmt: skip
    return render_template("privacy/emergencies/index.html", rows=rows, reasons=dict(REASONS), outcomes=dict(OUTCOMES))
