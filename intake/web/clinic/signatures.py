"""Signing a note with a passkey: the device signs the hash of the very text, and no password is typed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from intake.actions import logins
from intake.actions import signatures as acts
from intake.actions.refusals import RefusedError, StaleError
from intake.actions.signatures import Touch
from intake.security import passkeys, proof
from intake.security.policy import Permission
from intake.store import notes
from intake.store.notes import Note
from intake.web import clock, identity, proving
from intake.web.actor import me
from intake.web.clinic import drafts
from intake.web.clinic.inputs import Signature
from intake.web.clinic.notes import CHANGED, to_sign
from intake.web.database import session
from intake.web.guard import allow
from intake.web.instance import instance

bp = Blueprint("signatures", __name__, url_prefix="/clinic/notes")


@bp.post("/<uuid:note_id>/sign/passkey/options")
@allow(Permission.SIGN_NOTE, note=notes.get)
def options(note: Note) -> Any:
    """What the browser needs to have the text signed that stands on the page; refused when it is another one by now."""
    now = clock.now()
    content = acts.offer(
        session,
        note,
        drafts.form_of(note.response),
        draft=request.form.get("draft", ""),
        instance=instance(),
        by=me(),
        now=now,
    )
    return proving.ask_to_sign(me(), proof.challenge(content), now)


@bp.post("/<uuid:note_id>/sign/passkey")
@allow(Permission.SIGN_NOTE, note=notes.get)
def sign(note: Note) -> Any:
    """Sign and freeze with what the device answered, or show the text again and say why not."""
    read, offered_at, found = request.form.get("draft", ""), proving.asked_at(), proving.shown(me())
    if found is None:
        return _refused(note, read)
    touch = Touch(offered_at, passkeys.assertion(request.form["credential"]), found[1], proving.site().origin)
    try:
        acts.sign_with_passkey(
            session,
            note,
            drafts.form_of(note.response),
            touch,
            draft=read,
            instance=instance(),
            by=me(),
            now=clock.now(),
        )
    except StaleError:
        session.rollback()
        return to_sign(note, Signature(formdata=None), CHANGED), 409
    except RefusedError as refusal:
        session.rollback()
        return to_sign(note, Signature(formdata=None), _(str(refusal))), 422
    identity.has_proved()
    flash(_("Note signed."))
    return redirect(url_for("clinic.notes.show", note_id=note.id), 303)


def _refused(note: Note, read: str) -> Any:
    """Nothing was shown that signs anything. Where the text has changed meanwhile, nothing was asked for either."""
    form = Signature(formdata=None)
    wrong = _("Your passkey did not sign this text. Try again, or use your password.")
    page = to_sign(note, form, wrong)
    if form.draft.data != read:
        return to_sign(note, form, CHANGED), 409
    logins.refuse(session, me(), reason="passkey", now=clock.now())
    return page, 422
