"""One's own recovery codes: ten, on paper, shown once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template

from intake.actions import factors as acts
from intake.security import recovery
from intake.security.policy import Permission
from intake.store import factors
from intake.web import clock, identity, keyed
from intake.web.actor import me
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.returning import first_page

bp = Blueprint("recovery", __name__, url_prefix="/account/recovery-codes")


@bp.get("")
@allow(Permission.USE_ACCOUNT)
def show() -> Any:
    """What they are for, how many are left, and a button to make ten new ones."""
    return render_template("account/recovery/show.html", left=factors.codes_left(session, me()))


@bp.post("")
@allow(Permission.USE_ACCOUNT)
@fresh
def make() -> Any:
    """Make ten and show them this once; those before work no more."""
    codes = recovery.new_codes()
    here = identity.login() or abort(404)
    acts.make_codes(session, me(), [keyed.code_hash(code) for code in codes], login=here, now=clock.now())
    return render_template("account/recovery/made.html", codes=codes, user=me(), first_page=first_page(me())), 201
