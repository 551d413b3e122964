"""Warning signs that wait for somebody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import flags as acts
from intake.actions.refusals import RefusedError
from intake.clinical.triage import message
from intake.forms.model import Tier
from intake.security.policy import Permission, may
from intake.store import flags, responses
from intake.store.flags import Flag
from intake.web import actor, clock, told
from intake.web.actor import me
from intake.web.clinic.inputs import Outcome
from intake.web.database import session
from intake.web.guard import allow
from intake.web.say import translated
from intake.web.unreadable import instead

bp = Blueprint("worklist", __name__, url_prefix="/clinic/worklist")


@bp.get("")
@allow(Permission.SEE_WORKLIST)
def index() -> Any:
    """Everything without an outcome, gravest first, with how long it has waited."""
    waiting = flags.open_flags(session, actor.within(Permission.ACT_ON_FLAG))
    mine = [flag for flag in waiting if instead(flag) or may(me(), Permission.ACT_ON_FLAG, flag)]
    actor.saw(flag.because_tier for flag in mine if not instead(flag))
    rows = [_row(flag) for flag in mine]
    return render_template("clinic/worklist/index.html", rows=rows, now=clock.now(), zone=clock.zone())


def _row(flag: Flag) -> dict[str, Any]:
    """One that cannot be read keeps its place. It may speak of violence, so only the care team learns whose it is."""
    may_read, words = may(me(), Permission.READ_CHART, flag.patient), instead(flag)
    return {
        "flag": flag, "unreadable": words, "message": None if words else message(flag.rule),
        "may_read": may_read, "may_name": may_read or not words,
    }  # fmt: skip


@bp.get("/<uuid:flag_id>")
@allow(Permission.ACT_ON_FLAG, flag=flags.get)
def show(flag: Flag) -> Any:
    """One entry: what was raised, when, what the patient was told, whom to call, what was done."""
    return _show(flag, Outcome(obj=flag))


def _show(flag: Flag, form: Outcome) -> str:
    words = message(flag.rule)
    values = told.values(responses.answers(session, flag.response_id))
    actor.saw((Tier.DESK, flag.because_tier))  # how to reach her, and what the sign tells
    return render_template(
        "clinic/worklist/show.html",
        flag=flag, message=words, told=translated(words.patient).format(**values), form=form, zone=clock.zone(),
        now=clock.now(),
        may_read=may(me(), Permission.READ_CHART, flag.patient),
    )  # fmt: skip


@bp.post("/<uuid:flag_id>/acknowledge")
@allow(Permission.ACT_ON_FLAG, flag=flags.get)
def acknowledge(flag: Flag) -> Any:
    """Take it on."""
    try:
        acts.acknowledge(session, flag, by=me(), now=clock.now())
    except RefusedError as refusal:
        flash(_(str(refusal)))
    else:
        flash(_("It is yours now."))
    return redirect(url_for("clinic.worklist.show", flag_id=flag.id), 303)


@bp.post("/<uuid:flag_id>/close")
@allow(Permission.ACT_ON_FLAG, flag=flags.get)
def close(flag: Flag) -> Any:
    """Write down what came of it."""
    form = Outcome()
    if not form.validate_on_submit():
        return _show(flag, form), 422
    acts.close(session, flag, form.outcome.data, over=form.version.data, by=me(), now=clock.now())
    flash(_("Closed, with its outcome."))
    return redirect(url_for("clinic.worklist.index"), 303)
