"""The quick way out of a device that was handed over: the same neutral page as at the end. At home it is her own."""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from intake.actions import handovers as acts
from intake.store.handovers import Handover
from intake.web import alone, clock, visitors
from intake.web.database import hurrying, only_glance, session
from intake.web.guard import public

bp = Blueprint("leave", __name__, url_prefix="/here/leave")
log = logging.getLogger("intake.web")


@bp.route("", methods=["GET", "POST"])
@public
def go() -> Any:
    """End it and show the end. A plain link works too, so this answers GET.

    Whatever the database says, the browser forgets it: a sitting that could not be ended lapses by itself. Where her
    own sitting lies behind it, that has to end too.
    """
    if visitors.token():
        return redirect(url_for(alone.WAY_OUT), 307)
    try:
        only_glance()  # whoever holds a lock must not keep her
        _end()
    except Exception as error:  # noqa: BLE001 - whatever is wrong here, she wants to be rid of the page
        log.warning("left without the database", extra={"reason": type(error).__name__})
    alone.forget()
    answer = Response(status=204) if request.method == "POST" else redirect(url_for("kiosk.form.show"), 303)
    return alone.emptied(answer)


def _end() -> None:
    found = alone.sitter()
    if found is None:
        return
    session.close()
    with hurrying() as other:
        acts.leave(other, other.get_one(Handover, found.id), by=found, now=clock.now())
