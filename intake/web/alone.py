"""The form that is asked alone: which one a browser opens, how long it does, and that it opens nothing else.

Its token is of a kind of its own. Who hands a device over is signed out by that, so behind the form lies nothing. At
home her own sitting lies behind it: it goes on, keeps its limits, and ends this with it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from flask import Flask, Response, flash, g, redirect, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from intake.actions import handovers as acts
from intake.store import handovers
from intake.store.handovers import GIVEN_BACK, IDLE, LONGEST, Handover
from intake.web import clock, identity, visitors
from intake.web.database import READS, session, writing

KIOSK, BACK = "kiosk", "device-back"
SENDS = "kiosk.form.send"
OWN = frozenset({"kiosk.form.show", SENDS, "kiosk.leave.go", "static", "healthz"})
WAY_OUT = "patient.leave.go"  # at home: it ends her own sitting too
NOT_KEPT = frozenset({HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY})
EMPTIED = '"cache", "storage"'  # not the cookies: the browser has just been given this one


@dataclass(frozen=True, slots=True)
class Sitter:
    """The patient who answers alone: known by the one form that she may answer."""

    id: uuid.UUID
    response_id: uuid.UUID
    patient_id: uuid.UUID
    handover: Handover


def attach(app: Flask) -> None:
    """Lead every other address to the form while it is open in this browser."""
    app.before_request(_confine)
    app.after_request(_veil)
    app.jinja_env.globals["at_home"] = at_home


def begin(token: str) -> None:
    """Put the token of a handover into the cookie; whatever it held before is gone."""
    identity.sign_out()
    cookie[KIOSK] = token


def begin_beside(token: str) -> None:
    """Put the token of a form that she opened herself into the cookie, beside that of her own sitting."""
    cookie[KIOSK] = token
    g.pop("sitter", None)


def at_home() -> bool:
    """Whether her own sitting lies behind the form. The cookie alone tells, so a page that broke knows it too."""
    return bool(cookie.get(KIOSK)) and bool(visitors.token())


def thank() -> None:
    """Leave the one line that she reads in her own form afterwards, whatever she did."""
    flash(_("Thank you. You can say more, or nothing more, at your visit."))


def forget() -> None:
    """Take the token out of the cookie. The form tokens stay, so that a page sent once more leads to the end too.

    On a device of the clinic it stays known that there was one, until somebody signs in.
    """
    if cookie.pop(KIOSK, None) and not visitors.token():
        cookie[BACK] = True
    g.pop("sitter", None)


def is_back() -> bool:
    """Whether this is a device that was handed over and is to be given back, not somebody's own browser."""
    return not visitors.token() and (KIOSK in cookie or BACK in cookie)


def sitter() -> Sitter | None:
    """Who is asked alone in this browser, while the form is open."""
    if "sitter" not in g:
        g.sitter = _sitter()
    return cast("Sitter | None", g.sitter)


def ended_by_her() -> Handover | None:
    """The form that was open in this browser a moment ago, where nobody but her has ended it."""
    found = _of_cookie()
    if found is None:
        return None
    session.refresh(found)
    return found if found.end_reason in {GIVEN_BACK, acts.LEFT} else None


def stay() -> None:
    """She is looking at a page: the sitting lasts on. Done for every page alike, in a short write of its own."""
    found = sitter()
    if found is not None and request.method in READS:
        with writing() as other:
            acts.stay(other, other.get_one(Handover, found.id), now=clock.now())
        visitors.stay()


def left() -> int:
    """Seconds until the form closes if nothing more is done."""
    found = sitter()
    if found is None:
        return 0
    end = min(clock.now() + IDLE, found.handover.started_at + LONGEST)
    rest, of_hers = round((end - clock.now()).total_seconds()), visitors.left()
    return max(0, rest if of_hers is None else min(rest, of_hers))


def emptied(response: Any) -> Response:
    """The answer, and that the browser drops what it kept of the pages before."""
    response.headers["Clear-Site-Data"] = EMPTIED
    return cast("Response", response)


def _confine() -> Any:
    if not cookie.get(KIOSK) or request.endpoint in OWN or (at_home() and request.endpoint == WAY_OUT):
        return None
    if sitter() is None:
        return None
    g.veiled = at_home() and _is_a_page_of_hers()
    return None if g.veiled else redirect(url_for("kiosk.form.show"), 303)


def _is_a_page_of_hers() -> bool:
    """Whether another tab sends a page of her own form. It is kept, so that nothing is lost, and leads back here."""
    return request.endpoint == "patient.form.send" and request.form.get("_at", "").startswith("page ")


def is_veiled() -> bool:
    """Whether a page of her own form is sent past it."""
    return bool(g.get("veiled"))


def unveil() -> None:
    """Show the answer all the same: what to do at once cannot wait until this is over."""
    g.veiled = False


def _veil(response: Response) -> Response:
    """Lead back from a page that was kept. One that was not is shown once more: she has it open, and would lose it."""
    if is_veiled() and not response.is_json and response.status_code not in NOT_KEPT:
        return cast("Response", redirect(url_for("kiosk.form.show"), 303))
    return response


def is_late() -> bool:
    """Whether a page comes in that lay open until the form was over, or her own sitting behind it."""
    found = sitter()
    return found is not None and not _is_going_on(found.handover)


def _sitter() -> Sitter | None:
    found = _of_cookie()
    if found is None or not (_takes(found) if _may_be_late() else _is_going_on(found)):
        return None
    return Sitter(found.id, found.response_id, found.patient_id, found)


def _of_cookie() -> Handover | None:
    held = str(cookie.get(KIOSK, ""))
    return handovers.find(session, identity.hashed(held)) if held else None


def _may_be_late() -> bool:
    return request.endpoint == SENDS and request.method not in READS


def _is_going_on(handover: Handover) -> bool:
    return handovers.is_open(handover, clock.now()) and _is_here(handover)


def _is_here(handover: Handover) -> bool:
    """Whether the sitting in which it was opened goes on. A device of the clinic needs none."""
    hers = visitors.visitor() if handover.at_home else None
    return not handover.at_home or (hers is not None and hers.id == handover.invitation_id)


def _takes(handover: Handover) -> bool:
    """Whether a page is kept: her own sitting may have lapsed while she looked for the words, but nobody ended it."""
    lapsed = visitors.lapsed() if handover.at_home else None
    was_here = lapsed is not None and lapsed.invitation_id == handover.invitation_id
    return handovers.takes(handover, clock.now()) and (was_here or _is_here(handover))
