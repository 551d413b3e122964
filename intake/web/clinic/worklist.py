"""Warning signs that wait for somebody."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import flags as acts
from intake.actions.refusals import RefusedError
from intake.clinical import reasons
from intake.clinical.triage import message
from intake.forms.model import Tier
from intake.security.policy import Permission, may
from intake.store import alerts, flags, people, responses, versions
from intake.store.flags import Flag
from intake.web import actor, clock, filters, told
from intake.web.actor import me
from intake.web.clinic.inputs import Given, Outcome, given
from intake.web.database import session, writing
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
    again = flags.repeated(session)
    rows = [_row(flag, _added(flag) if flag.id in again else "") for flag in mine]
    return render_template("clinic/worklist/index.html", rows=rows, now=clock.now(), zone=clock.zone())


def _added(flag: Flag) -> str:
    """What a further entry of the same sign adds to those before it; nothing of what is private."""
    before = flags.earlier(session, flag)
    if not before or any(instead(each) for each in (flag, *before)):
        return ""
    new = set(flag.because).difference(*(each.because for each in before))
    is_plain = flag.because_tier == Tier.CARE and may(me(), Permission.READ_CHART, flag.patient)
    words = reasons.words(responses.form_of(flag.response), new, translated) if is_plain else ()
    text = _("It adds to an entry of %(when)s.", when=filters.moment(before[-1].opened_at))
    return f"{text} {_('New: %(words)s', words=', '.join(words))}" if words else text


def _row(flag: Flag, added: str) -> dict[str, Any]:
    """One that cannot be read keeps its place. It may speak of violence, so only the care team learns whose it is."""
    may_read, words = may(me(), Permission.READ_CHART, flag.patient), instead(flag)
    return {
        "flag": flag, "added": added, "unreadable": words, "message": None if words else message(flag.rule),
        "may_read": may_read, "may_name": may_read or not words, "due": None if words else _due(flag),
    }  # fmt: skip


@bp.get("/<uuid:flag_id>")
@allow(Permission.ACT_ON_FLAG, flag=flags.get)
def show(flag: Flag) -> Any:
    """One entry: what was raised, when, what the patient was told, whom to call, what was done."""
    page = _show(flag, Outcome(obj=flag))
    _note_seen(flag)  # only once there was something to see
    return page


def _due(flag: Flag) -> datetime | None:
    """When the next person is told."""
    clinic = clock.clinic()
    return alerts.due(flag, clinic) if clinic else None


def _note_seen(flag: Flag) -> None:
    """Keep that the entry was opened for the first time, beside the request: it only reads."""
    if flag.seen_at is None and flag.closed_at is None:
        with writing() as other:
            acts.note_seen(other, flag, by=me(), now=clock.now())


def _seen(flag: Flag) -> tuple[datetime, str] | None:
    """When it was opened first and by whom: now, by whoever looks, where nobody had."""
    if flag.seen_at is not None:
        return flag.seen_at, flag.seen_by.name if flag.seen_by else ""
    return None if flag.closed_at else (clock.now(), me().name)


def _givable(flag: Flag) -> Given | None:
    """The form that hands the entry over; None where it is not for whoever looks, or there is nobody else."""
    if flag.closed_at or not may(me(), Permission.HAND_OVER_FLAG, flag):
        return None
    now = clock.now()
    others = [
        user for user in people.therapists(session)
        if user.id not in {me().id, flag.owner_id} and alerts.can_act(session, user, flag, now)
    ]  # fmt: skip
    return given(others) if others else None


def _show(flag: Flag, form: Outcome) -> str:
    words = message(flag.rule)
    is_out = not flag.still_true and versions.is_taken_out(session, flag.response)
    # What stood on the sheet of somebody else is told to nobody.
    values = {} if is_out else told.values(responses.answers(session, flag.response_id))
    actor.saw((Tier.DESK, flag.because_tier))  # how to reach her, and what the sign tells
    return render_template(
        "clinic/worklist/show.html",
        flag=flag, message=words, told="" if is_out else translated(words.patient).format(**values), form=form,
        zone=clock.zone(), now=clock.now(), due=_due(flag), seen=_seen(flag), giving=_givable(flag),
        may_read=may(me(), Permission.READ_CHART, flag.patient), is_out=is_out, added=_added(flag),
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


@bp.post("/<uuid:flag_id>/give")
@allow(Permission.HAND_OVER_FLAG, flag=flags.get)
def give(flag: Flag) -> Any:
    """Hand it over to a colleague."""
    form = _givable(flag)
    if form is None or not form.validate_on_submit():
        flash(_("Please choose who it is for."))
        return redirect(url_for("clinic.worklist.show", flag_id=flag.id), 303)
    user = people.user(session, UUID(form.to.data)) or abort(404)
    try:
        acts.give(session, flag, user, by=me(), now=clock.now())
    except RefusedError as refusal:
        flash(_(str(refusal)))
    else:
        flash(_("%(name)s has it now.", name=user.name))
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
