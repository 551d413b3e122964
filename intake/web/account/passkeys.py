"""One's own passkeys: add, name, remove."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import factors as acts
from intake.actions.refusals import RefusedError
from intake.security import passkeys
from intake.security.passkeys import PasskeyError
from intake.security.policy import Permission
from intake.store import factors
from intake.store.factors import Passkey
from intake.web import clock, identity, proving
from intake.web.account.inputs import KeyName
from intake.web.actor import me
from intake.web.database import CONFLICTS, session
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.halfway import during
from intake.web.identity import Standing

bp = Blueprint("passkeys", __name__, url_prefix="/account/passkeys")


def _page(form: KeyName, wrong: str = "") -> str:
    enrolling = identity.standing() is Standing.ENROLLING
    return render_template(
        "account/passkeys/show.html", form=form, wrong=wrong, site=proving.site(), enrolling=enrolling
    )


@bp.get("")
@during(Standing.FULL, Standing.ENROLLING)
@fresh
def show() -> Any:
    """What a passkey is, a name for the new one, and the button."""
    return _page(KeyName(name=identity.device()))


@bp.post("/options")
@during(Standing.FULL, Standing.ENROLLING)
@fresh
def options() -> Any:
    """What the browser needs to make one."""
    user = identity.person() or abort(404)
    have = [each.credential_id for each in factors.passkeys(session, user)]
    return proving.ask(passkeys.ask_to_make(proving.site(), user.id, user.email, user.name, have))


@bp.post("")
@during(Standing.FULL, Standing.ENROLLING)
@fresh
def add() -> Any:
    """Keep the one the browser has made."""
    form, enrolling = KeyName(), identity.standing() is Standing.ENROLLING
    user, login, (token, door) = identity.person() or abort(404), identity.login() or abort(404), proving.door()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        challenge = proving.challenge()
        made = passkeys.made(proving.site(), request.form.get("credential", ""), challenge)
        acts.add_passkey(
            session, user, made, form.name.data, challenge, login=login, token_hash=door.token_hash, now=clock.now()
        )
    except PasskeyError:
        return _page(form, _("The passkey could not be made. Nothing was changed. Please try again.")), 422
    except (RefusedError, *CONFLICTS) as refusal:
        session.rollback()
        said = _(str(refusal)) if isinstance(refusal, RefusedError) else _("This passkey is here already.")
        return _page(form, said), 422
    if enrolling:
        identity.start(token)
        return redirect(url_for("account.recovery.show"), 303)
    flash(_("Passkey added. Every other place was signed out."))
    return redirect(url_for("account.overview.show"), 303)


@bp.get("/<uuid:passkey_id>")
@allow(Permission.USE_OWN, passkey=factors.passkey)
def edit(passkey: Passkey) -> Any:
    """One passkey: its name, and the way to remove it."""
    return render_template("account/passkeys/edit.html", passkey=passkey, form=KeyName(name=passkey.name))


@bp.post("/<uuid:passkey_id>")
@allow(Permission.USE_OWN, passkey=factors.passkey)
@fresh
def rename(passkey: Passkey) -> Any:
    """Keep the new name."""
    form = KeyName()
    if not form.validate_on_submit():
        return render_template("account/passkeys/edit.html", passkey=passkey, form=form), 422
    acts.rename_passkey(session, passkey, form.name.data, by=me(), now=clock.now())
    flash(_("Saved."))
    return redirect(url_for("account.overview.show"), 303)


@bp.post("/<uuid:passkey_id>/remove")
@allow(Permission.USE_OWN, passkey=factors.passkey)
@fresh
def remove(passkey: Passkey) -> Any:
    """Forget it."""
    acts.remove_passkey(session, passkey, by=me(), login=identity.login() or abort(404), now=clock.now())
    flash(_("Passkey removed. Every other place was signed out."))
    return redirect(url_for("account.overview.show"), 303)
