"""Inviting a patient to prepare for a visit, and letting her in."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, RefusedError
from intake.forms.model import Form
from intake.security import tokens
from intake.store import audit, responses
from intake.store.people import User
from intake.store.responses import Response
from intake.store.sessions import Login
from intake.store.visits import Invitation, Visit

WRONG_TRIES, FROZEN = 5, timedelta(hours=1)
ACCESS_CODE = "access-code"


def send(
    session: Session, visit: Visit, *, days: int, secret: bytes, by: User, now: datetime
) -> tuple[Invitation, str]:
    """A new invitation and its access code, which is not kept and cannot be shown again.

    Earlier ones keep working until they expire.
    """
    if visit.cancelled_at is not None:
        message = "This visit was called off, so there is nothing to prepare for."
        raise RefusedError(message)
    intake = responses.intake_of(session, visit.id)
    if intake is not None and intake.status == responses.COMPLETED:
        message = "The answers for this visit are in already."
        raise FinalError(message)
    code = tokens.new_code()
    code_hash = tokens.keyed_hash(secret, ACCESS_CODE, tokens.settled_code(code))
    invitation = Invitation(visit_id=visit.id, sent_by_id=by.id, code_hash=code_hash, sent_at=now)
    invitation.expires_at = now + timedelta(days=days)
    session.add(invitation)
    session.flush()
    audit.record(session, "invitation.sent", actor=by, subject=invitation, patient_id=visit.patient_id, now=now)
    session.commit()
    return invitation, code


def revoke(session: Session, invitation: Invitation, *, by: User, now: datetime) -> None:
    """Make a link useless from now on."""
    invitation.revoked_at = invitation.revoked_at or now
    audit.record(
        session, "invitation.revoked", actor=by, subject=invitation, patient_id=invitation.visit.patient_id, now=now
    )
    session.commit()


def enter(
    session: Session,
    invitation: Invitation | None,
    birth_date: date | None,
    *,
    form: Form,
    token_hash: str,
    now: datetime,
) -> Login | None:
    """Open the form with an access code and the birth date, or None: the caller says the same whatever was wrong.

    The birth date guards against the wrong person, it is no secret. Five wrong ones freeze the invitation for an hour.
    """
    if invitation is None:
        return None
    # One at a time for a visit: tries are counted exactly, and two links opened together lead to one form.
    session.refresh(invitation.visit, attribute_names=["version"], with_for_update=True)
    session.refresh(invitation, attribute_names=["wrong_tries", "frozen_until", "revoked_at"])
    if not is_usable(invitation, now):
        return None
    patient = invitation.visit.patient
    if birth_date != patient.birth_date:
        _count_wrong_try(invitation, now)
        audit.record(session, "invitation.wrong-try", subject=invitation, patient_id=patient.id, now=now)
        session.commit()
        return None
    invitation.wrong_tries, invitation.opened_at = 0, invitation.opened_at or now
    login = Login(token_hash=token_hash, invitation_id=invitation.id, started_at=now, seen_at=now)
    session.add(login)
    if responses.intake_of(session, invitation.visit_id) is None:
        _start(session, invitation.visit, form, now)
    audit.record(session, "invitation.opened", subject=invitation, patient_id=patient.id, now=now)
    session.commit()
    return login


def is_usable(invitation: Invitation, now: datetime) -> bool:
    """Whether the link still opens anything."""
    frozen = invitation.frozen_until is not None and invitation.frozen_until > now
    return invitation.revoked_at is None and invitation.expires_at > now and not frozen


def _count_wrong_try(invitation: Invitation, now: datetime) -> None:
    invitation.wrong_tries += 1
    if invitation.wrong_tries >= WRONG_TRIES:
        invitation.wrong_tries, invitation.frozen_until = 0, now + FROZEN


def _start(session: Session, visit: Visit, form: Form, now: datetime) -> None:
    response = Response(patient_id=visit.patient_id, visit_id=visit.id, form=form.id, form_version=form.version)
    response.language, response.started_at = form.language, now
    responses.start(session, response, [section.id for section in form.sections], {}, now)
