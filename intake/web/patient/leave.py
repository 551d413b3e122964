"""The quick way out: it ends the sitting and goes to a neutral site."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, redirect, request
from flask import session as cookie

from intake.actions import accounts
from intake.security.seal import SealError
from intake.web import clock, visitors
from intake.web.database import Unreachable, session, writing
from intake.web.guard import public
from intake.web.headers import EMPTIED

bp = Blueprint("leave", __name__, url_prefix="/f/leave")


@bp.route("", methods=["GET", "POST"])
@public
def go() -> Any:
    """End the patient's sitting and leave. A plain link works too, so this answers GET."""
    to = clock.leave_to()
    with suppress(Unreachable, SealError):  # whatever is wrong here: she is gone
        _end()
    answer = Response(status=204) if request.method == "POST" else redirect(to, 303)
    if visitors.token():  # a link somebody else put somewhere does not sign out the people of the clinic
        cookie.clear()
        answer.headers["Clear-Site-Data"] = EMPTIED
    return answer


def _end() -> None:
    """End the sitting of this browser, if there is one."""
    visitor = visitors.visitor()
    if visitor is not None:
        session.close()
        with writing() as other:
            accounts.end(other, other.merge(visitor.login), by=visitor, now=clock.now())
