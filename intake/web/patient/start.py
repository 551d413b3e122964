"""Coming in: the access code of an invitation, the date of birth, and a second code where the clinic gives one."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import accounts, invitations
from intake.forms import plain
from intake.forms.model import Kind, Need, Question, Tier
from intake.forms.problems import N_, Problem
from intake.security import tokens
from intake.security.limits import Bucket
from intake.security.seal import SealError
from intake.store import visits
from intake.store.patient_keys import DestroyedError
from intake.store.sessions import Login
from intake.web import clock, identity, limits, unreadable, visitors
from intake.web.database import session
from intake.web.guard import public
from intake.web.patient import late, places
from intake.web.patient.places import TASKS
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
PARTS = ("year", "month", "day")
SHUT = "alert.door-unreadable"
Answer = dict[str, dict[str, str]]


@bp.get("")
@public
def moved() -> Any:
    """The address of older messages. Browsers carry the part after # along, so the code is not lost."""
    return redirect(url_for("patient.form.show"))


def door() -> Any:
    """The door: nothing on it says what is behind."""
    return _door()


def enter() -> Any:
    """Check the codes and the date, and lead in. The reply to any mistake is the same."""
    only("code", "second", "shared", *(f"birth_date.{part}" for part in PARTS))
    code = request.form.get("code", "")[:60]
    typed = {part: request.form.get(f"birth_date.{part}", "")[:40] for part in PARTS}
    born = plain.date_parts(BIRTH_DATE, "birth_date", typed, clock.today())
    errors = _errors(code, born)
    if not errors:
        flooded = not limits.charge(Bucket.ENTRY_NETWORK, limits.visitor())
        token = tokens.new_token()
        if login := _entered(code, date.fromisoformat(str(born)), token, flooded=flooded):
            limits.refund(Bucket.ENTRY_NETWORK, limits.visitor())
            return _led_in(login, token)
        errors = _misfit()
    answer = {"raw": {f"birth_date.{part}": value for part, value in typed.items()}}
    return _door(errors, answer, code, request.form.get("second", "")[:60]), 422


def _door(errors: dict[str, str] | None = None, answer: Answer | None = None, code: str = "", second: str = "") -> str:
    return render_template(
        "patient/start/show.html",
        question=BIRTH_DATE, errors=errors or {}, answer=answer, code=code, back=visitors.lapsed() is not None,
        asks_second=_asks_second(), second=second,
    )  # fmt: skip


def _asks_second() -> bool:
    clinic = clock.clinic()
    return bool(clinic and clinic.second_code) or visits.any_with_second(session, clock.now())


def _misfit() -> dict[str, str]:
    """What is said of anything that does not open: whichever of them it was, all that was asked for is marked."""
    if not _asks_second():
        return {"code": _("This code and date do not open a form. Please check both, or call us.")}
    return {
        "code": _("These codes and this date do not open a form. Please check all three, or call us."),
        "second": _("Please check this code too."),
    }


def _errors(code: str, born: str | Problem | None) -> dict[str, str]:
    errors = {}
    if not code.strip():
        errors["code"] = _("Please type the access code from your message.")
    if born is None:
        errors["birth_date"] = _("Please fill in your date of birth.")
    elif isinstance(born, Problem):
        errors[born.field] = _(born.text, **born.values) if born.values else _(born.text)
    return errors


def _entered(code: str, born: date, token: str, *, flooded: bool) -> Login | None:
    """The new sitting. A record that does not open lets nobody in: outside, that is one more mistake of many.

    The clinic is told, because no code and no date will help her.
    """
    try:
        return _enter(code, born, token, flooded=flooded)
    except SealError as error:
        session.rollback()  # on SQLite the line waits for a lock that this request may hold
        unreadable.incident(error, SHUT)
    except DestroyedError:
        session.rollback()
    return None


def _enter(code: str, born: date, token: str, *, flooded: bool) -> Login | None:
    secret = current_app.config["SECRET"]
    claim = invitations.claim(secret, code, request.form.get("second", "")[:60], born)
    return invitations.enter(
        session,
        claim,
        token_hash=identity.hashed(token),
        shared="shared" in request.form,
        flooded=flooded,
        now=clock.now(),
    )


def _led_in(login: Login, token: str) -> Any:
    """To the page she was on, with what came in too late; to the list of parts when this is somebody else's browser."""
    earlier, old = _earlier(), visitors.token()
    again = earlier is not None and late.visit_of(earlier) == late.visit_of(login)
    visitors.let_in(token, again=again)
    g.pop("visitor", None)
    if earlier is None or late.patient_of(earlier) != late.patient_of(login):
        return places.go(TASKS)
    if again:
        places.move(places.of(earlier))
    answer = late.take_up(earlier, old, again=again)
    if not again:  # what she typed is kept with the visit that was called off; this one has a list of its own
        places.within(0)
        return places.go(TASKS)
    return answer or places.go(places.here())


def _earlier() -> Login | None:
    """The sitting this browser had until now: over, or still open; an open one ends with the new one."""
    visitor = visitors.visitor()
    if visitor is None:
        return visitors.lapsed() or visitors.cut_off()
    accounts.end(session, visitor.login, by=visitor, now=clock.now())
    return visitor.login
