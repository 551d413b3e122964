"""Inviting a patient to prepare for a visit, and letting her in."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, RefusedError
from intake.clinical import contacts
from intake.clinical.contacts import About
from intake.security import tokens
from intake.store import audit, beginnings, outbox, responses, visits
from intake.store.people import User
from intake.store.sessions import Login
from intake.store.visits import Invitation, Visit

FREEZES_AT, REVOKES_AT, FROZEN = 5, 10, timedelta(hours=1)
ACCESS_CODE, SECOND_CODE = "access-code", "second-code"


@dataclass(frozen=True, slots=True)
class Sent:
    """A new invitation with its codes. They are not kept and cannot be shown again; `second` is empty without one."""

    invitation: Invitation
    code: str
    second: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody gave to come in: the codes as hashes, and the birth date."""

    code_hash: str
    second_hash: str
    birth_date: date


def send(
    session: Session, visit: Visit, *, days: int, with_second: bool = False, secret: bytes, by: User, now: datetime
) -> Sent:
    """A new invitation. Earlier ones keep working until they expire."""
    sent = _made(session, visit, days=days, with_second=with_second, secret=secret, by=by, now=now)
    _tell(session, "invitation.sent", sent, by, now)
    session.commit()
    return sent


def mail(
    session: Session,
    visit: Visit,
    *,
    write: Callable[[Sent], str],
    days: int,
    with_second: bool = False,
    secret: bytes,
    by: User,
    now: datetime,
) -> Sent:
    """A new invitation that goes out by e-mail, in the words of `write`.

    RefusedError with the reason where the patient did not say that e-mail is safe. It is asked again before sending.
    """
    if reason := contacts.reason_not_to_mail(visit.patient.contacts, About.FORM):
        raise RefusedError(reason)
    sent = _made(session, visit, days=days, with_second=with_second, secret=secret, by=by, now=now)
    outbox.invite(session, sent.invitation, write(sent), now)
    _tell(session, "invitation.mailed", sent, by, now)
    session.commit()
    return sent


def _made(
    session: Session, visit: Visit, *, days: int, with_second: bool, secret: bytes, by: User, now: datetime
) -> Sent:
    if visit.cancelled_at is not None:
        message = "This visit was called off, so there is nothing to prepare for."
        raise RefusedError(message)
    if responses.all_in(session, visit.id):
        message = "The answers for this visit are in already."
        raise FinalError(message)
    code, second = tokens.new_code(), tokens.new_spoken_code() if with_second else ""
    hashes = claim(secret, code, second, visit.patient.birth_date)
    invitation = Invitation(visit_id=visit.id, sent_by_id=by.id, code_hash=hashes.code_hash, sent_at=now)
    invitation.second_hash = hashes.second_hash if with_second else None
    invitation.expires_at = now + timedelta(days=days)
    session.add(invitation)
    session.flush()
    return Sent(invitation, code, second)


def _tell(session: Session, action: str, sent: Sent, by: User, now: datetime) -> None:
    visit = sent.invitation.visit
    audit.record(session, action, actor=by, subject=sent.invitation, patient_id=visit.patient_id, now=now)
    if any(each.touched for each in responses.asked(session, visit.id)):  # whoever makes a link can come in with it
        audit.record(
            session, "alert.invited-again", actor=by, subject=sent.invitation, patient_id=visit.patient_id, now=now
        )


def claim(secret: bytes, code: str, second: str, birth_date: date) -> Claim:
    """What was typed, settled and hashed. The second code's hash belongs to its invitation alone.

    Six characters would be guessed in seconds from a stolen table if only slow hashing stood before them: the hash is
    keyed, and the key is not in the database.
    """
    code_hash = tokens.keyed_hash(secret, ACCESS_CODE, tokens.settled_code(code))
    spoken = tokens.settled_code(second, tokens.SPOKEN_LENGTH)
    return Claim(code_hash, tokens.keyed_hash(secret, SECOND_CODE, f"{code_hash} {spoken}"), birth_date)


def revoke(session: Session, invitation: Invitation, *, by: User, now: datetime) -> None:
    """Make a link useless from now on."""
    invitation.revoked_at = invitation.revoked_at or now
    audit.record(
        session, "invitation.revoked", actor=by, subject=invitation, patient_id=invitation.visit.patient_id, now=now
    )
    session.commit()


def enter(
    session: Session,
    claim: Claim,
    *,
    token_hash: str,
    shared: bool = False,
    flooded: bool = False,
    now: datetime,
) -> Login | None:
    """Open the form, or None: the caller says the same whatever was wrong, and it takes the same time.

    The birth date guards against the wrong person, it is no secret. Five wrong tries freeze the invitation for an hour,
    ten make it useless. While one network floods the door, wrong tries at codes nobody has leave no line each: the
    trail keeps everything, so it could be filled that way.
    """
    invitation = visits.claimed(session, claim.code_hash)
    usable = invitation is not None and is_usable(invitation, now)
    if invitation is None or not usable or not _fits(invitation, claim):
        _count_wrong_try(session, invitation if usable else None, now)
        if invitation is not None or not flooded:
            _note_wrong_try(session, invitation, now)
        session.commit()
        return None
    invitation.wrong_tries, invitation.opened_at = 0, invitation.opened_at or now
    login = Login(token_hash=token_hash, invitation=invitation, started_at=now, seen_at=now, shared=shared)
    session.add(login)
    _start(session, invitation.visit, now)
    patient_id = invitation.visit.patient_id
    audit.record(session, "invitation.opened", subject=invitation, patient_id=patient_id, now=now)
    session.commit()
    return login


def begin_anew(session: Session, invitation: Invitation, *, now: datetime) -> bool:
    """Begin what the visit of somebody who is in asks for, where none of its forms is left; whether there is any."""
    visit = invitation.visit
    session.refresh(visit, attribute_names=["version", "cancelled_at"], with_for_update=True)
    if not responses.asked(session, visit.id):
        _start(session, visit, now)
        audit.record(session, "intake.begun-anew", subject=invitation, patient_id=visit.patient_id, now=now)
    found = bool(responses.asked(session, visit.id))
    session.commit()
    return found


def is_usable(invitation: Invitation, now: datetime) -> bool:
    """Whether the link still opens anything."""
    frozen = invitation.frozen_until is not None and invitation.frozen_until > now
    return invitation.revoked_at is None and invitation.expires_at > now and not frozen


def was_guessed_at(invitation: Invitation) -> bool:
    """Whether too many wrong tries have made it useless."""
    return invitation.revoked_at is not None and invitation.wrong_tries >= REVOKES_AT


def _fits(invitation: Invitation, claim: Claim) -> bool:
    """Whether all of it fits. An invitation with a second code keeps asking for it, whatever the clinic does now."""
    wanted = invitation.second_hash
    second = wanted is None or hmac.compare_digest(wanted.encode(), claim.second_hash.encode())
    return second and invitation.patient.birth_date == claim.birth_date


def _count_wrong_try(session: Session, invitation: Invitation | None, now: datetime) -> None:
    tries = invitation.wrong_tries + 1 if invitation is not None else 0
    frozen_until = now + FROZEN if tries == FREEZES_AT else None
    revoked_at = now if tries >= REVOKES_AT else None
    visits.count_try(session, invitation, tries=tries, frozen_until=frozen_until, revoked_at=revoked_at)


def _note_wrong_try(session: Session, invitation: Invitation | None, now: datetime) -> None:
    patient_id = invitation.visit.patient_id if invitation is not None else None
    audit.record(session, "invitation.wrong-try", subject=invitation, patient_id=patient_id, now=now)


def _start(session: Session, visit: Visit, now: datetime) -> None:
    """Begin each form the visit asks for that is not there yet, behind those that are."""
    beginnings.stop_what_ended(session, visit, now)
    for name in beginnings.due(session, visit, now):
        beginnings.begin(session, visit, name, now=now)
