"""Coming in: the access code of an invitation, the date of birth, and a second code where the clinic gives one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import accounts, invitations, sittings
from intake.actions.refusals import FinalError
from intake.forms import plain
from intake.forms.model import Kind, Need, Question, Tier
from intake.forms.problems import N_, MalformedError, Problem
from intake.security import parcels, tokens
from intake.security.limits import Bucket
from intake.security.seal import SealError
from intake.store import held, visits
from intake.store.held import HeldPage
from intake.store.patient_keys import DestroyedError
from intake.store.sessions import Login
from intake.web import clock, identity, keyed, limits, unreadable, visitors
from intake.web.database import session
from intake.web.guard import public
from intake.web.patient import pages, places, steps
from intake.web.patient.places import TASKS, Place
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
HELD, SHUT = "held-page", "alert.door-unreadable"
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


def come_back(place: Place) -> Any:
    """A page that came in after its sitting lapsed: what it says is kept, sealed, until she has come in again."""
    lapsed = visitors.lapsed()
    if lapsed is not None and place.view == "page":
        content = json.dumps({name: values for name, values in request.form.lists() if name != "csrf_token"})
        mark = tokens.keyed_hash(keyed.secret(), HELD, f"{lapsed.id} {place} in {place.form}")
        sealed = parcels.close(visitors.token(), _bound(lapsed, mark), content.encode())
        sittings.hold(session, lapsed, mark, sealed, now=clock.now())
    if pages.is_autosave():
        return jsonify(saved=None, errors={}), 401
    return redirect(url_for("patient.form.show"), 303)


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
    again = earlier is not None and _visit(earlier) == _visit(login)
    visitors.let_in(token, again=again)
    g.pop("visitor", None)
    if earlier is None or not again:
        return places.go(TASKS)
    places.move(places.of(earlier))
    answers = [_saved(page, earlier, old) for page in held.of_login(session, earlier, clock.now())]
    if answers:
        sittings.forget(session, earlier, now=clock.now())
    return next((answer for answer in reversed(answers) if answer is not None), None) or places.go(places.here())


def _earlier() -> Login | None:
    """The sitting this browser had until now, lapsed or still open; an open one ends with the new one."""
    visitor = visitors.visitor()
    if visitor is None:
        return visitors.lapsed()
    accounts.end(session, visitor.login, by=visitor, now=clock.now())
    return visitor.login


def _saved(page: HeldPage, lapsed: Login, token: str) -> Any:
    """What saving a held page leads to; None when it can be kept no more."""
    try:
        sent = json.loads(parcels.unpack(token, _bound(lapsed, page.mark), page.sealed))
        response = steps.numbered(visitors.visitor(), places.numbered(sent.get(places.WHICH, ["1"])[0]))
        if response is None or response.is_from_paper:
            return None
        intake = replace(steps.opened(response), link=str(lapsed.invitation_id))  # it was said with that link
        return pages.save(intake, places.read(sent["_at"][0]).plain, sent, late=True)
    except (parcels.ParcelError, FinalError, MalformedError):
        return None


def _bound(login: Login, mark: str) -> str:
    return f"{login.id} {mark}"


def _visit(login: Login) -> object:
    return login.invitation.visit_id if login.invitation else None
