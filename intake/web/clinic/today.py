"""The day: who comes when, how far each intake is, and what needs attention."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from intake.clinical import invitations, unsigned
from intake.clinical.emergency import minutes_left
from intake.security.policy import Permission, Role, may
from intake.security.seal import SealError
from intake.store import amendment_requests, emergencies, flags, handovers, notes, responses, reviews, visits
from intake.store.emergencies import BreakGlass
from intake.store.flags import Flag
from intake.store.people import User
from intake.store.responses import Response
from intake.store.visits import Visit
from intake.web import actor, clock, keeping
from intake.web.actor import me
from intake.web.clinic import courses, measures, requests
from intake.web.database import session
from intake.web.guard import allow
from intake.web.unreadable import instead

bp = Blueprint("today", __name__, url_prefix="/clinic")
FARTHEST = 100  # years; the calendar itself ends
LOOKS_BACK = timedelta(days=90)  # for visits without a note


@bp.get("")
@allow(Permission.SEE_DAY)
def index() -> Any:
    """The visits of a day: a therapist's own, everybody's for the front desk."""
    user, day = me(), _day()
    start = datetime.combine(day, datetime.min.time(), clock.zone())
    own = Role.THERAPIST in user.roles and not {Role.FRONT_DESK, Role.ASSISTANT} & set(user.roles)
    within = actor.within(Permission.SEE_PATIENT)
    sees_flags, is_today = Role.THERAPIST in user.roles, day == clock.today()
    found = visits.between(session, start, start + timedelta(days=1), user if own else None, within)
    return render_template(
        "clinic/today/index.html",
        day=day, rows=[_row(visit, sees_flags=sees_flags, is_today=is_today) for visit in found], zone=clock.zone(),
        before=day - timedelta(days=1), after=day + timedelta(days=1), today=clock.today(),
        drafts=notes.unsigned_by(session, user, actor.within(Permission.WRITE_NOTE)),
        waiting=notes.waiting_for(session, user, actor.within(Permission.COSIGN_NOTE)),
        awaiting=notes.awaiting_of(session, user, actor.within(Permission.READ_NOTE)),
        unwritten=_unwritten(user), age=unsigned.age, days=unsigned.days,
        alone=handovers.waiting_for(session, user, actor.within(Permission.READ_SAFETY)) if sees_flags else [],
        kept=keeping.waiting(user), opened=_opened(user), assists=Role.ASSISTANT in user.roles,
        due=courses.of_mine(user.standing.treats) if sees_flags else [],
        sees_charts=sees_flags, for_me=_for_me(user) if sees_flags else 0,
        requests=_requests() if sees_flags else [],
        may_add=may(user, Permission.MANAGE_PATIENTS, None), now=clock.now(),
    )  # fmt: skip


def _requests() -> list[Any]:
    """The requests for a change that are due soon, each with its last day and whether that is over."""
    waits = amendment_requests.waiting(session, actor.within(Permission.ANSWER_REQUEST))
    found = [(each, *requests.clocks(each)) for each in waits]
    return [(each, due, overdue) for each, due, overdue, soon in found if soon]


def _for_me(user: User) -> int:
    """How many entries of the worklist wait for somebody; one that cannot be read is on the list, and not counted."""
    waiting = flags.waiting_for(session, user.id, actor.within(Permission.ACT_ON_FLAG))
    return sum(1 for flag in waiting if not instead(flag) and may(user, Permission.ACT_ON_FLAG, flag))


def _unwritten(user: User) -> list[Visit]:
    """Visits of a therapist's own that nobody has begun a note on."""
    now = clock.now()
    return notes.unwritten_by(session, user, now - LOOKS_BACK, now, actor.within(Permission.START_NOTE))


def _opened(user: User) -> list[tuple[BreakGlass, int]]:
    """What somebody has open in an emergency, and for how many minutes more."""
    now = clock.now()
    return [(row, minutes_left(row.expires_at, now=now)) for row in emergencies.open_by(session, user.id, now)]


def _day() -> date:
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return clock.today()
    return day if abs(day.year - clock.today().year) <= FARTHEST else clock.today()


def _row(visit: Visit, *, sees_flags: bool, is_today: bool) -> dict[str, Any]:
    asked = responses.asked(session, visit.id)
    state = invitations.state(visit.invitations, asked, now=clock.now())
    waiting = [flag for response in asked for flag in _waiting(response)] if sees_flags else []
    unreadable = [words for flag in waiting if (words := instead(flag))]
    found = [flag for flag in waiting if not instead(flag) and may(me(), Permission.ACT_ON_FLAG, flag)]
    is_mine = sees_flags and is_today and visit.therapist_id == me().id and may(me(), Permission.READ_CHART, visit)
    return {
        "visit": visit, "state": state, "reviewed": reviews.is_whole(session, asked),
        "measures": _measures(visit) if is_mine else None, "flags": found, "unreadable": unreadable,
        "own": may(me(), Permission.READ_CHART, visit), "may_open": may(me(), Permission.INVITE, visit),
    }  # fmt: skip


def _measures(visit: Visit) -> dict[str, Any]:
    """Which measures are due; answers that do not open are told in their place, and keep no other row from sight."""
    try:
        names, count = measures.waiting(visit.patient)
    except SealError:
        return {"unreadable": True}
    return {"names": names, "count": count}


def _waiting(response: Response) -> list[Flag]:
    return [flag for flag in flags.of_response(session, response.id) if not flag.closed_at]
