"""Pages that come in when their sitting is over: kept, sealed, until she has come in again with the same browser."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from intake.actions import sittings
from intake.actions.refusals import FinalError
from intake.forms.problems import MalformedError
from intake.security import parcels, tokens
from intake.store import held, responses
from intake.store.held import HeldPage
from intake.store.responses import Response
from intake.store.sessions import Login
from intake.web import clock, keyed, visitors
from intake.web.database import session
from intake.web.patient import pages, places, steps, too_late, unheard
from intake.web.patient.notices import Notice
from intake.web.patient.places import Place

HELD = "held-page"


@dataclass(frozen=True, slots=True)
class Added:
    """Where a held page leads, and the part of the form in which something of it has to be mended."""

    leads_to: Any = None
    part: str = ""


NOWHERE = Added()


def come_back(place: Place) -> Any:
    """To the door: what a page says whose sitting lapsed is kept until she has come in again."""
    lapsed = visitors.lapsed()
    is_urgent = lapsed is not None and hold(lapsed, place)
    if pages.is_autosave():
        if is_urgent:
            return jsonify(
                saved=None, errors={}, go=url_for("patient.form.show")
            ), 409  # what she typed since comes first
        return jsonify(saved=None, errors={}), 401
    return redirect(url_for("patient.form.show"), 303)


def hold(login: Login, place: Place, *, lasting: timedelta = sittings.KEPT) -> bool:
    """Keep what this request sends, if it is a page of questions. Only the token in its browser opens it.

    Whether it warns of something: that is shown to her before all else (warn).
    """
    if place.view != "page":
        return False
    content = json.dumps({name: values for name, values in request.form.lists() if name != "csrf_token"})
    mark = tokens.keyed_hash(keyed.secret(), HELD, f"{login.id} {place} in {place.form}")
    sealed = parcels.close(visitors.token(), _bound(login, mark), content.encode())
    sittings.hold(session, login, mark, sealed, lasting=lasting, now=clock.now())
    return unheard.note(login, place)


def warn() -> str | None:
    """What to do now about the page that was sent last, with numbers to tap; None when nothing of it is urgent."""
    login = visitors.lapsed() or visitors.cut_off()
    if not unheard.waits() or login is None:
        return None
    page = next(reversed(held.of_login(session, login, clock.now())), None)
    found = _warnings(page, login) if page is not None else []
    return unheard.page(found) if found else None


def _warnings(page: HeldPage, login: Login) -> list[Notice]:
    try:
        sent = json.loads(_opened(page, login, visitors.token()))
    except parcels.ParcelError:
        return []
    place = replace(places.read(sent["_at"][0]).plain, form=places.numbered(sent.get(places.WHICH, ["1"])[0]))
    return unheard.of(login, place, sent)


def take_up(earlier: Login, token: str, *, again: bool) -> Any:
    """Save what a sitting that is over still holds, and forget it; what the last page of it that was kept leads to.

    It goes where the page was: into the form of the visit that sitting was for. A page with something to mend is shown
    before all others; where there are several, or she does not come in to that form `again`, she is told of the rest.
    """
    lost: list[str] = []
    found = held.of_login(session, earlier, clock.now())
    answers = [answer for page in found if (answer := _saved(page, earlier, token, lost)) is not None]
    to_mend = [answer for answer in answers if answer.part]
    others = to_mend[:-1] if again else to_mend
    too_late.tell([*lost, *(too_late.look_again(each.part) for each in others)])
    if found:
        sittings.forget(session, earlier, now=clock.now())
    return (to_mend or answers or [NOWHERE])[-1].leads_to


def visit_of(login: Login) -> uuid.UUID | None:
    """The visit a sitting is for."""
    return login.invitation.visit_id if login.invitation else None


def patient_of(login: Login) -> uuid.UUID | None:
    """Whose sitting it is."""
    return login.invitation.visit.patient_id if login.invitation else None


def _saved(page: HeldPage, earlier: Login, token: str, lost: list[str]) -> Added | None:
    """What saving a held page leads to; None when it can be kept no more: `lost` then has what to tell her."""
    try:
        sent = json.loads(_opened(page, earlier, token))
        number = places.numbered(sent.get(places.WHICH, ["1"])[0])
        response = steps.numbered(earlier.invitation, number) or unheard.gone(earlier, number)
        if response is not None:
            return _added(response, earlier, sent, lost)
    except (parcels.ParcelError, MalformedError, NotFound):
        pass
    lost.append(too_late.not_read())
    return None


def _added(response: Response, earlier: Login, sent: dict[str, list[str]], lost: list[str]) -> Added | None:
    """The same, for a page of that form."""
    intake, place = replace(steps.opened(response), link=str(earlier.invitation_id)), places.read(sent["_at"][0]).plain
    is_out = response.is_from_paper or response.status in responses.OUT
    try:
        answer = None if is_out else pages.save(intake, place, sent, late=True)  # it was said with that link
    except FinalError:
        answer = None
    if answer is None:
        lost.append(too_late.lost(response))
        return None
    part, _page = steps.find(intake.form, place)
    return Added(answer, _(part.heading) if isinstance(answer, tuple) else "")


def _opened(page: HeldPage, earlier: Login, token: str) -> bytes:
    """What a held page says, for the browser it came from."""
    return parcels.unpack(token, _bound(earlier, page.mark), page.sealed)


def _bound(login: Login, mark: str) -> str:
    return f"{login.id} {mark}"
