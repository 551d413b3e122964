"""Coming in: the access code of an invitation and the date of birth."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import invitations
from intake.forms import plain, reader
from intake.forms.model import Kind, Need, Question, Tier
from intake.forms.problems import N_, Problem
from intake.security import tokens
from intake.security.limits import Bucket
from intake.store import visits
from intake.web import clock, identity, limits
from intake.web.database import session
from intake.web.guard import public
from intake.web.typed import only

bp = Blueprint("start", __name__, url_prefix="/start")
BIRTH_DATE = Question(
    id="birth_date",
    kind=Kind.DATE,
    text=N_("Your date of birth"),
    tier=Tier.DESK,
    need=Need.REQUIRED,
    past=True,
    autocomplete="bday",
)


@bp.get("")
@public
def show() -> Any:
    """The door: nothing on it says what is behind."""
    return render_template("patient/start/show.html", question=BIRTH_DATE, errors={}, answer=None, code="")


@bp.post("")
@public
def enter() -> Any:
    """Check the code and the date, and lead in. The reply to any mistake is the same."""
    only("code", "birth_date.year", "birth_date.month", "birth_date.day")
    code = request.form.get("code", "")[:60]
    typed = {part: request.form.get(f"birth_date.{part}", "")[:40] for part in ("year", "month", "day")}
    born = plain.date_parts(BIRTH_DATE, "birth_date", typed, clock.today())
    errors = _errors(code, born)
    if not errors:
        limits.charge(Bucket.ENTRY_NETWORK, limits.visitor())
        token = tokens.new_token()
        if _enter(code, born, token):
            limits.refund(Bucket.ENTRY_NETWORK, limits.visitor())
            identity.let_in(token)
            return redirect(url_for("patient.form.tasks"), 303)
        errors = {"code": _("This code and date do not open a form. Please check both, or call us.")}
    answer = {"raw": {f"birth_date.{part}": value for part, value in typed.items()}}
    page = render_template("patient/start/show.html", question=BIRTH_DATE, errors=errors, answer=answer, code=code)
    return page, 422


def _errors(code: str, born: str | Problem | None) -> dict[str, str]:
    errors = {}
    if not code.strip():
        errors["code"] = _("Please type the access code from your message.")
    if born is None:
        errors["birth_date"] = _("Please fill in your date of birth.")
    elif isinstance(born, Problem):
        errors[born.field] = _(born.text, **born.values) if born.values else _(born.text)
    return errors


def _enter(code: str, born: str | Problem | None, token: str) -> bool:
    settled = tokens.settled_code(code)
    code_hash = tokens.keyed_hash(current_app.config["SECRET"], invitations.ACCESS_CODE, settled)
    invitation = visits.by_code(session, code_hash) if settled else None
    login = invitations.enter(
        session,
        invitation,
        date.fromisoformat(str(born)),
        form=reader.latest("intake"),
        token_hash=identity.hashed(token),
        now=clock.now(),
    )
    return login is not None
