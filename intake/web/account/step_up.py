"""One factor more, before an act that weighs: then back to it; what was sent waits there to be read and sent on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template
from flask_babel import gettext as _

from intake.actions import logins
from intake.security.limits import Bucket
from intake.security.policy import Permission
from intake.store import factors
from intake.store.proofs import Proof
from intake.web import clock, identity, limits, proving
from intake.web.account.inputs import Again
from intake.web.actor import me
from intake.web.database import session
from intake.web.guard import allow
from intake.web.returning import onward, way_on

bp = Blueprint("step_up", __name__, url_prefix="/step-up")


def _page(form: Again, wrong: str = "") -> str:
    return render_template(
        "account/step_up/show.html",
        form=form, wrong=wrong, way=way_on(), site=proving.site(), has_passkey=bool(factors.passkeys(session, me())),
    )  # fmt: skip


@bp.get("")
@allow(Permission.USE_ACCOUNT)
def show() -> Any:
    """Why, and with what."""
    return onward(me()) if identity.is_fresh() else _page(Again())


@bp.post("")
@allow(Permission.USE_ACCOUNT)
def prove() -> Any:
    """The password."""
    form = Again()
    if form.validate_on_submit():
        limits.charge(Bucket.SIGN_IN_ACCOUNT, me().email)
        if _proven(proving.password(me(), form.password.data)):
            return onward(me())
        form.password.errors = [_("That is not your password. Please try again.")]
    return _page(form), 422


@bp.post("/passkey/options")
@allow(Permission.USE_ACCOUNT)
def options() -> Any:
    """What the browser needs to offer this person's passkeys."""
    return proving.ask_to_show(me())


@bp.post("/passkey")
@allow(Permission.USE_ACCOUNT)
def passkey() -> Any:
    """A passkey of this person's."""
    found = proving.shown(me())
    if found is not None and _proven(found[1]):
        return onward(me())
    if found is None:
        logins.refuse(session, me(), reason="passkey", now=clock.now())
    return _page(Again(formdata=None), _("That passkey does not open this. Try again, or use your password.")), 422


def _proven(proof: Proof) -> bool:
    login = identity.login() or abort(404)
    token, door = proving.door()
    if not logins.renew(session, login, me(), proof, door, now=clock.now()):
        return False
    limits.refund(Bucket.SIGN_IN_ACCOUNT, me().email)
    identity.renewed(token)
    return True
