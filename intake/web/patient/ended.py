"""A link that the clinic ended while its form was open: what her browser is told, once, and what it still sends.

Nobody else learns anything: who has no sitting of that very link in the browser is at the door, as ever.
"""

from __future__ import annotations

from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask import session as cookie

from intake.actions import invitations, sittings
from intake.store import held, responses
from intake.store.sessions import Login
from intake.web import clock, visitors
from intake.web.database import session
from intake.web.patient import late, pages
from intake.web.patient.places import Place

TELLING = "link-ended"  # in the cookie: whether she is still to be told, or was
LOST = "too-late"  # in the cookie: what she answered alone came in after that, and is kept nowhere


def show() -> str | None:
    """What became of her link; None for everybody who is not to be told, or was."""
    login = visitors.cut_off()
    if login is None or not cookie.get(TELLING, visitors.was_open(login)):
        return None
    is_lost = bool(cookie.get(LOST))
    if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":  # the script's own looks are read by nobody
        cookie[TELLING] = False
        cookie.pop(LOST, None)
    return _page(login, is_lost=is_lost)


def take(place: Place) -> Any:
    """Keep what a page of such a sitting sends, and lead to what she is told; None for every other browser."""
    login = visitors.cut_off()
    if login is None:
        return None
    late.hold(login, place, lasting=sittings.UNTIL_CALLED)
    cookie[TELLING] = True
    to = url_for("patient.form.show")
    return (jsonify(saved=None, errors={}, go=to), 409) if pages.is_autosave() else redirect(to, 303)


def miss() -> bool:
    """Have her told that a page she answered alone came in after her link had ended; False where it has not ended."""
    if visitors.cut_off() is None:
        return False
    cookie[TELLING] = cookie[LOST] = True
    return True


def _page(login: Login, *, is_lost: bool) -> str:
    kept = held.of_login(session, login, clock.now())
    by_clinic = login.invitation is not None and not invitations.was_guessed_at(login.invitation)
    asked = responses.asked(session, login.invitation.visit_id) if login.invitation is not None else []
    until = max((page.kept_until for page in kept), default=None) if any(each.is_waiting for each in asked) else None
    return render_template(
        "patient/ended/show.html", by_clinic=by_clinic, until=until, is_lost=is_lost, is_late=bool(kept and not until)
    )
