"""The device that was handed over: which form it opens, how long it does, and that it opens nothing else.

Its cookie is of a kind of its own. Who hands the device over is signed out by that, so behind the form lies nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, Response, g, redirect, request, url_for
from flask import session as cookie

from intake.actions import handovers as acts
from intake.store import handovers
from intake.store.handovers import IDLE, LONGEST, Handover
from intake.web import clock, identity
from intake.web.database import READS, session, writing

KIOSK = "kiosk"
OWN = frozenset({"kiosk.form.show", "kiosk.form.send", "kiosk.leave.go", "static", "healthz"})
EMPTIED = '"cache", "storage"'  # not the cookies: the browser has just been given this one


@dataclass(frozen=True, slots=True)
class Sitter:
    """The patient who was handed the device: known by the one form that she may answer."""

    id: uuid.UUID
    response_id: uuid.UUID
    patient_id: uuid.UUID
    handover: Handover


def attach(app: Flask) -> None:
    """Lead every other address to the form while it is open on this device."""
    app.before_request(_confine)


def begin(token: str) -> None:
    """Put the token of a handover into the cookie; whatever it held before is gone."""
    identity.sign_out()
    cookie[KIOSK] = token


def forget() -> None:
    """Take the token out of the cookie. The form tokens stay, so that a page sent once more leads to the end too."""
    cookie.pop(KIOSK, None)
    g.pop("sitter", None)


def sitter() -> Sitter | None:
    """Who was handed this device, while the form is open on it."""
    if "sitter" not in g:
        g.sitter = _sitter()
    return cast("Sitter | None", g.sitter)


def stay() -> None:
    """She is looking at a page: the sitting lasts on. Done for every page alike, in a short write of its own."""
    found = sitter()
    if found is not None and request.method in READS:
        with writing() as other:
            acts.stay(other, other.get_one(Handover, found.id), now=clock.now())


def left() -> int:
    """Seconds until the form closes if nothing more is done."""
    found = sitter()
    if found is None:
        return 0
    end = min(clock.now() + IDLE, found.handover.started_at + LONGEST)
    return max(0, round((end - clock.now()).total_seconds()))


def emptied(response: Any) -> Response:
    """The answer, and that the browser drops what it kept of the pages before."""
    response.headers["Clear-Site-Data"] = EMPTIED
    return cast("Response", response)


def _confine() -> Any:
    if cookie.get(KIOSK) and request.endpoint not in OWN and sitter() is not None:
        return redirect(url_for("kiosk.form.show"), 303)
    return None


def _sitter() -> Sitter | None:
    held = str(cookie.get(KIOSK, ""))
    found = handovers.find(session, identity.hashed(held)) if held else None
    if found is None or not handovers.is_open(found, clock.now()):
        return None
    return Sitter(found.id, found.response_id, found.patient_id, found)
