"""The quick way out: it ends the sitting and goes to a neutral site."""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, Response, redirect, request
from flask import session as cookie

from intake.actions import accounts, handovers
from intake.store.handovers import Handover
from intake.store.people import NEUTRAL
from intake.web import alone, clock, visitors
from intake.web.database import hurrying, only_glance, session
from intake.web.guard import public
from intake.web.headers import EMPTIED

bp = Blueprint("leave", __name__, url_prefix="/f/leave")
log = logging.getLogger("intake.web")


@bp.route("", methods=["GET", "POST"])
@public
def go() -> Any:
    """End the patient's sitting and leave. A plain link works too, so this answers GET.

    Whatever the database says, the browser forgets her and goes: a sitting that could not be ended lapses by itself.
    """
    to = NEUTRAL
    try:
        only_glance()  # whoever holds a lock must not keep her
        to = clock.leave_to()
        _end()
    except Exception as error:  # noqa: BLE001 - whatever is wrong here, somebody stands behind her
        log.warning("left without the database", extra={"reason": type(error).__name__})
    answer = Response(status=204) if request.method == "POST" else redirect(to, 303)
    if visitors.token():  # a link somebody else put somewhere does not sign out the people of the clinic
        cookie.clear()
        answer.headers["Clear-Site-Data"] = EMPTIED
    return answer


def _end() -> None:
    visitor = visitors.visitor()
    if visitor is None:
        return
    asked = alone.sitter()
    session.close()
    with hurrying() as other:
        if asked is not None:
            handovers.leave(other, other.get_one(Handover, asked.id), by=asked, now=clock.now())
        accounts.end(other, other.merge(visitor.login), by=visitor, now=clock.now())
