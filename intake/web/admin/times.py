"""How soon worklist entries are acted on: counts and medians, nobody's name."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, abort, render_template

from intake.clinical.response_times import FEWEST, Entry, report
from intake.clinical.triage import Severity
from intake.security.policy import Permission
from intake.store import flags
from intake.store.alerts import NEVER
from intake.store.flags import Flag
from intake.store.sealing import trouble
from intake.web import clock
from intake.web.admin.schedules import asked
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("times", __name__, url_prefix="/admin/times")
USUAL = timedelta(days=90)
SEVERITIES = tuple(each.name for each in sorted(Severity, reverse=True))


@bp.get("")
@allow(Permission.READ_TIMES)
def show() -> Any:
    """The figures of a stretch of time, by severity and by month."""
    today = clock.today()
    form = asked(today - USUAL, today)
    found, span, code = None, (today, today), 200
    if form.validate():
        span = _months(form.since.data or today - USUAL, form.until.data or today)
        found = _report(*span)
    else:
        code = 422
    page = render_template("admin/times/show.html", form=form, found=found, span=span, fewest=FEWEST)
    return page, code


def _months(since: date, until: date) -> tuple[date, date]:
    """The whole months around two days: a stretch that is a day longer than another would tell of single entries."""
    return since.replace(day=1), until.replace(day=monthrange(until.year, until.month)[1])


def _report(since: date, until: date) -> Any:
    clinic, zone = clock.clinic() or abort(404), clock.zone()
    start, end = (datetime.combine(day, time(), zone) for day in (since, until + timedelta(days=1)))
    entries = [
        _entry(flag)
        for flag in flags.opened_between(session, start, end)
        if trouble(flag) is None and flag.rule not in NEVER
    ]
    return report(entries, clinic.times, severities=SEVERITIES, zone=zone, now=clock.now())


def _entry(flag: Flag) -> Entry:
    return Entry(flag.id, flag.severity, flag.opened_at, flag.seen_at, flag.acknowledged_at, flag.closed_at)
