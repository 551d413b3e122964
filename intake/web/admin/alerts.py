"""When the clinic works, who is told of warning signs, and the mail that did not go out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import alerts as told
from intake.actions import clinics
from intake.actions import outbox as mails
from intake.actions.refusals import RefusedError
from intake.clinical.delivery import SEEN_WITHIN, WORDS, Reason
from intake.security.policy import Permission
from intake.store import outbox, people
from intake.store.outbox import Outgoing
from intake.store.people import Clinic
from intake.web import clock
from intake.web.actor import me
from intake.web.admin.schedules import Alerts, Holiday, WorkingDay
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow

bp = Blueprint("alerts", __name__, url_prefix="/admin/alerts")


def _clinic() -> Clinic:
    return clock.clinic() or abort(404)


def _page(form: Alerts, holiday: Holiday) -> str:
    clinic, seen = _clinic(), outbox.worker_seen_at(session)
    return render_template(
        "admin/alerts/show.html",
        form=form, holiday=holiday, holidays=holidays(clinic), overdue=told.overdue(session, now=clock.now()),
        waiting=outbox.waiting(session), seen=seen, away=seen is None or clock.now() - seen >= SEEN_WITHIN,
        not_sent=[(row, WORDS.get(Reason(row.reason)) if row.reason else "") for row in outbox.not_sent(session)],
        zone=clinic.time_zone,
    )  # fmt: skip


def holidays(clinic: Clinic) -> list[tuple[WorkingDay, str]]:
    """The days in the list, each with the form that takes it out again."""
    return [(WorkingDay(formdata=None, day=day), name) for day, name in clinic.holidays]


def _filled() -> Alerts:
    return Alerts.of(_clinic(), people.therapists(session))


@bp.get("")
@allow(Permission.MANAGE_CLINIC)
def show() -> Any:
    """Working hours, the list of people, the times, holidays, and what did not go out."""
    return _page(_filled(), Holiday())


@bp.post("")
@allow(Permission.MANAGE_CLINIC)
@fresh
def save() -> Any:
    """Keep hours, people and times."""
    form = Alerts.sent(people.therapists(session))
    if not form.validate_on_submit():
        return _page(form, Holiday(formdata=None)), 422
    clinics.change(
        session, _clinic(), form.settings(), action=clinics.ALERTS, over=form.version.data, by=me(), now=clock.now()
    )
    flash(_("Settings saved."))
    return redirect(url_for("admin.alerts.show"), 303)


@bp.post("/holidays")
@allow(Permission.MANAGE_CLINIC)
def add_holiday() -> Any:
    """A day on which the clinic is closed."""
    holiday = Holiday()
    if holiday.validate_on_submit():
        try:
            clinics.add_holiday(
                session, _clinic(), holiday.day.data, holiday.name.data, by=me(), now=clock.now()
            )  # fmt: skip
        except RefusedError as refusal:
            holiday.day.errors = [_(str(refusal))]
        else:
            flash(_("Day added."))
            return redirect(url_for("admin.alerts.show"), 303)
    return _page(Alerts.of(_clinic(), people.therapists(session), formdata=None), holiday), 422


@bp.post("/holidays/remove")
@allow(Permission.MANAGE_CLINIC)
def remove_holiday() -> Any:
    """Work on that day after all."""
    form = WorkingDay()
    if not form.validate_on_submit():
        abort(400)
    clinics.remove_holiday(session, _clinic(), form.day.data, by=me(), now=clock.now())
    flash(_("Day taken out."))
    return redirect(url_for("admin.alerts.show"), 303)


@bp.post("/mails/<uuid:mail_id>/again")
@allow(Permission.MANAGE_CLINIC, mail=outbox.get)
def try_again(mail: Outgoing) -> Any:
    """Send a mail that did not go out once more."""
    try:
        mails.try_again(session, mail, by=me(), now=clock.now())
    except RefusedError as refusal:
        flash(_(str(refusal)))
    else:
        flash(_("It is tried again in a moment."))
    return redirect(url_for("admin.alerts.show"), 303)


@bp.post("/mails/<uuid:mail_id>/put-away")
@allow(Permission.MANAGE_CLINIC, mail=outbox.get)
def put_away(mail: Outgoing) -> Any:
    """Take a mail that did not go out off the list."""
    mails.put_away(session, mail, by=me(), now=clock.now())
    flash(_("Put away."))
    return redirect(url_for("admin.alerts.show"), 303)
