"""The first second factor: nothing else opens before it is there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from intake.web import proving
from intake.web.halfway import during
from intake.web.identity import Standing

bp = Blueprint("enrol", __name__, url_prefix="/account/start")


@bp.get("")
@during(Standing.ENROLLING)
def show() -> Any:
    """A passkey or an authenticator app: what each is, and where to begin."""
    return render_template("account/enrol/show.html", site=proving.site())
