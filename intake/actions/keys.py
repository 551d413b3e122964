"""What happens to keys: they are wrapped under another root key, held back from erasure, and destroyed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError, WrongPasswordError
from intake.clinical import retention
from intake.security import passwords
from intake.security.keys import KeyRing
from intake.security.passwords import Cost
from intake.security.policy import Role
from intake.store import audit, people, rotation, shreds
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.proofs import Proof
from intake.store.shreds import LegalHold, ShredRequest

BATCH = 500
DAYS_TO_AGREE = 7
DAYS_AFTER_TERMINAL = 7  # until somebody counts who was made, or whose ways to sign in were touched, there
DAYS_OF_A_LINK = 3  # what was made there may be used as much later
# How somebody signs in from then on, by what they did themselves.
RENEWED = frozenset(
    {
        *("account.password-chosen", "account.passkey-added", "account.authenticator-added"),
        "account.recovery-codes-made",
    }
)
DECIDERS = frozenset({Role.ADMIN, Role.PRIVACY_LEAD})


class Shredding(StrEnum):
    """How far the erasure of a record has come."""

    ASKED = "asked"
    DONE = "done"


ROOT_MADE = "keys.root-made"


def record_root(session: Session, action: str, *, now: datetime, reason: str = "") -> None:
    """Keep a line about the root keys, such as "keys.root-made" or "keys.sheet-printed"."""
    audit.record(session, action, now=now, reason=reason)
    session.commit()


def record_turned(session: Session, ring: KeyRing, *, now: datetime) -> None:
    """Keep the line about the newest root key of a ring that was turned, unless it was kept already."""
    if ring.older and not audit.has(session, ROOT_MADE, ring.current.id):
        record_root(session, ROOT_MADE, now=now, reason=ring.current.id)


def rewrap(session: Session, ring: KeyRing, *, now: datetime, most: int = BATCH) -> int:
    """Wrap one batch of data keys under the root key in use; how many there were, 0 when all are done."""
    done = rotation.rewrap(session, ring, most)
    if done:
        audit.record(session, "keys.rewrapped", now=now)
    session.commit()
    return done


def proven(session: Session, email: str, password: str, second: Proof, *, cost: Cost, now: datetime) -> User:
    """Who decides about erasure, after giving the password and a code, which is spent.

    WrongPasswordError for anybody else, RefusedError for somebody whom whoever runs the server may have made or become,
    and for an account that is new: of two people who decide both could be one. Each leaves a line.
    """
    user = people.user_by_email(session, email)
    able = user is not None and user.is_active and bool(DECIDERS & set(user.roles))
    good = passwords.matches(user.password_hash if user is not None and able else None, password, cost)
    if user is None or not good or second.spend(session, user, now) is None:
        _record_refused(session, user, now)
        message = "This address, password and code are not those of an active administrator or privacy lead."
        raise WrongPasswordError(message)
    if reason := _reason_to_wait(session, user, now):
        _record_refused(session, user, now)
        message = f"{reason}: until they are over, another administrator or privacy lead has to decide."
        raise RefusedError(message)
    session.commit()
    return user


def _reason_to_wait(session: Session, user: User, now: datetime) -> str | None:
    since = now - timedelta(days=DAYS_AFTER_TERMINAL)
    if user.created_at > since:
        return "This account was made in the last seven days"
    lines = audit.of_person(session, user.id, since - timedelta(days=DAYS_OF_A_LINK))
    touched = [line.at for line in lines if _is_from_terminal(line, user)]
    renewed = [line.at for line in lines if line.actor_id == user.id and line.action in RENEWED]
    if touched and max(touched + [at for at in renewed if at >= min(touched)]) >= since:
        return "A link, a role or a reset for this account was made at the terminal in the last seven days, or used"
    return None


def _is_from_terminal(line: audit.AuditEvent, user: User) -> bool:
    """Whether whoever runs the server did this to somebody's account.

    The owner's key is made there: a reset that it approved counts, whoever typed it.
    """
    by_key = line.action == "person.reset-approved" and line.reason == "owner-key"
    return line.subject_id == user.id and line.outcome == "done" and (line.actor_kind == "system" or by_key)


def _record_refused(session: Session, user: User | None, now: datetime) -> None:
    audit.record(session, "keys.refused", subject=user, now=now, outcome="refused")
    session.commit()


def shred(
    session: Session, patient: Patient, *, by: User, write_ledger: Callable[[uuid.UUID], None], now: datetime
) -> Shredding:
    """Ask that a record be erased or, as the second person within seven days, erase it; RefusedError with the reason.

    The ledger is written before the keys go: a crash in between leaves a line that is true after the next try.
    """
    shreds.lock(session, patient.id)
    request = shreds.request(session, patient.id, now - timedelta(days=DAYS_TO_AGREE))
    if reason := _reason_not_to_shred(session, patient, now) or _reason_not_to_agree(request, by):
        _record(session, "keys.shred-refused", patient, by, now, outcome="refused")
        raise RefusedError(reason)
    if request is None:
        session.add(ShredRequest(patient_id=patient.id, asked_by_id=by.id, asked_at=now))
        _record(session, "keys.shred-asked", patient, by, now)
        return Shredding.ASKED
    request.agreed_by_id, request.agreed_at = by.id, now
    write_ledger(patient.id)
    shreds.destroy(session, patient.id, now)
    _record(session, shreds.SHREDDED, patient, by, now)
    return Shredding.DONE


def _record(session: Session, action: str, patient: Patient, by: User, now: datetime, outcome: str = "done") -> None:
    audit.record(session, action, actor=by, subject=patient, patient_id=patient.id, now=now, outcome=outcome)
    session.commit()


def _reason_not_to_agree(request: ShredRequest | None, by: User) -> str | None:
    if request is None or request.asked_by_id != by.id:
        return None
    return "You asked for this yourself: another administrator or privacy lead has to agree."


def _reason_not_to_shred(session: Session, patient: Patient, now: datetime) -> str | None:
    if shreds.is_destroyed(session, patient.id):
        return "This record was erased already."
    if (hold := shreds.hold(session, patient.id)) is not None:
        return f"There is a legal hold on this record since {hold.placed_at:%B %-d, %Y}: lift it first."
    clinic = people.clinic(session)
    years = max(clinic.retention_years if clinic else retention.USUAL_YEARS, retention.SHORTEST_YEARS)
    last = shreds.last_visit(session, patient.id) or patient.created_at
    until = retention.keep_until(last.date(), patient.birth_date, years)
    if now.date() < until:
        return f"This record has to be kept until {until:%B %-d, %Y}: {years} years after the last visit."
    return None


def place_hold(session: Session, patient: Patient, *, by: User, now: datetime) -> None:
    """Keep a record from being erased; RefusedError when there is a hold already."""
    shreds.lock(session, patient.id)
    if shreds.hold(session, patient.id) is not None:
        message = "There is a legal hold on this record already."
        raise RefusedError(message)
    session.add(LegalHold(patient_id=patient.id, placed_by_id=by.id, placed_at=now))
    _record(session, "keys.hold-placed", patient, by, now)


def lift_hold(session: Session, patient: Patient, *, by: User, now: datetime) -> None:
    """Let retention count again; RefusedError when there is no hold."""
    hold = shreds.hold(session, patient.id)
    if hold is None:
        message = "There is no legal hold on this record."
        raise RefusedError(message)
    hold.lifted_by_id, hold.lifted_at = by.id, now
    _record(session, "keys.hold-lifted", patient, by, now)


def replay(session: Session, is_in_ledger: Callable[[uuid.UUID], bool], *, now: datetime) -> int:
    """Destroy again what a restored backup brought back; how many patients that were."""
    back = [patient_id for patient_id in shreds.with_keys(session) if is_in_ledger(patient_id)]
    for patient_id in back:
        shreds.destroy(session, patient_id, now)
        audit.record(session, shreds.SHREDDED, patient_id=patient_id, now=now, reason="ledger")
    session.commit()
    return len(back)
