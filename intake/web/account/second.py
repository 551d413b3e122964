"""The second factor, once the password was right: a passkey, a code from the app, or one from paper."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from intake.actions import logins
from intake.security.limits import Bucket
from intake.store import factors
from intake.store.people import User
from intake.store.proofs import Code, Paper, Proof
from intake.web import clock, identity, keyed, limits, proving
from intake.web.account.inputs import AppCode, PaperCode
from intake.web.database import session
from intake.web.halfway import during
from intake.web.identity import Standing
from intake.web.returning import onward, way_on

bp = Blueprint("second", __name__, url_prefix="/sign-in/second")


def _user() -> User:
    return identity.person() or abort(404)


def _page(form: AppCode, wrong: str = "") -> str:
    user = _user()
    return render_template(
        "account/second/show.html",
        form=form, wrong=wrong, way=way_on(), site=proving.site(), user=user,
        has_passkey=bool(factors.passkeys(session, user)), has_app=factors.totp(session, user) is not None,
    )  # fmt: skip


@bp.get("")
@during(Standing.SECOND)
def show() -> Any:
    """What this person can prove themselves with."""
    return _page(AppCode())


@bp.post("")
@during(Standing.SECOND)
def enter() -> Any:
    """Six digits of the authenticator app."""
    form = AppCode()
    if form.validate_on_submit():
        limits.charge(Bucket.SECOND_FACTOR, str(_user().id))
        if _admitted(Code(form.code.data, keyed.box_key())):
            return onward(_user())
        form.code.errors = [_("That code does not fit, or was used already. Wait for the next one and try again.")]
    return _page(form), 422


@bp.post("/passkey/options")
@during(Standing.SECOND)
def options() -> Any:
    """What the browser needs to offer this person's passkeys."""
    return proving.ask_to_show(_user())


@bp.post("/passkey")
@during(Standing.SECOND)
def passkey() -> Any:
    """A passkey of this person's."""
    found = proving.shown(_user())
    if found is not None and _admitted(found[1]):
        return onward(_user())
    if found is None:
        logins.refuse(session, _user(), reason="passkey", now=clock.now())
    return _page(AppCode(formdata=None), _("That passkey does not open this. Try again, or use something else.")), 422


@bp.get("/recovery")
@during(Standing.SECOND)
def lost() -> Any:
    """A code from paper, for somebody without phone and passkey."""
    return render_template("account/second/lost.html", form=PaperCode(), way=way_on())


@bp.post("/recovery")
@during(Standing.SECOND)
def recover() -> Any:
    """Use one of the ten; how many are left is said at once."""
    form = PaperCode()
    if form.validate_on_submit():
        limits.charge(Bucket.SECOND_FACTOR, str(_user().id))
        if _admitted(Paper(keyed.code_hash(form.code.data))):
            left = factors.codes_left(session, _user())
            flash(
                ngettext(
                    "That code is used up. You have %(num)s left.", "That code is used up. You have %(num)s left.", left
                )
            )
            return onward(_user())
        form.code.errors = [_("That code does not fit, or was used already. Please try another one.")]
    return render_template("account/second/lost.html", form=form, way=way_on()), 422


def _admitted(proof: Proof) -> bool:
    login, user = identity.login(), _user()
    token, door = proving.door()
    if login is None or not logins.admit(session, login, user, proof, door, now=clock.now()):
        return False
    limits.refund(Bucket.SECOND_FACTOR, str(user.id))
    identity.start(token)
    return True
