"""Adding, naming and removing what people prove themselves with."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import EndedError, RefusedError
from intake.security import totp
from intake.security.passkeys import Made
from intake.store import audit, factors, proofs, sessions
from intake.store.factors import Passkey, RecoveryCode, TotpSeed
from intake.store.people import User
from intake.store.sessions import Login

MOST_PASSKEYS = 10


def add_passkey(
    session: Session, user: User, made: Made, name: str, challenge: str, *, login: Login, token_hash: str, now: datetime
) -> Passkey:
    """Keep a new passkey. A session that waited for its first second factor is open now; the others end."""
    _hold(session, user, login)
    if len(factors.passkeys(session, user)) >= MOST_PASSKEYS:
        message = "You have ten passkeys already. Please remove one first."
        raise RefusedError(message)
    if factors.passkey_by_credential(session, made.credential_id):
        message = "This passkey is here already."
        raise RefusedError(message)
    factors.spend_challenge(session, challenge, now)
    passkey = Passkey(user_id=user.id, credential_id=made.credential_id, public_key=made.public_key, name=name)
    passkey.sign_count, passkey.is_synced, passkey.created_at = made.sign_count, made.is_synced, now
    session.add(passkey)
    session.flush()
    _changed(session, user, login, token_hash, now)
    audit.record(session, "account.passkey-added", actor=user, subject=passkey, now=now)
    session.commit()
    return passkey


def rename_passkey(session: Session, passkey: Passkey, name: str, *, by: User, now: datetime) -> None:
    """Call it something else."""
    passkey.name = name
    audit.record(session, "account.passkey-renamed", actor=by, subject=passkey, now=now)
    session.commit()


def remove_passkey(session: Session, passkey: Passkey, *, by: User, login: Login, now: datetime) -> None:
    """Forget a passkey, unless nothing else would be left."""
    _hold(session, by, login)
    if len(factors.passkeys(session, by)) == 1 and factors.totp(session, by) is None:
        _refuse_the_last()
    session.delete(passkey)
    sessions.end_all(session, by, now, "factor", but=login)
    audit.record(session, "account.passkey-removed", actor=by, subject=passkey, now=now)
    session.commit()


def propose_totp(session: Session, user: User, *, key: bytes, login: Login, now: datetime) -> TotpSeed:
    """A new seed for an authenticator app; it counts once a code has shown that the app has it."""
    _hold(session, user, login)
    if (earlier := factors.totp(session, user, confirmed=False)) is not None:
        session.delete(earlier)
    row = TotpSeed(id=uuid.uuid4(), user_id=user.id, created_at=now)
    row.seed = proofs.locked(totp.new_seed(), row, key)
    session.add(row)
    session.flush()
    audit.record(session, "account.authenticator-offered", actor=user, subject=row, now=now)
    session.commit()
    return row


def confirm_totp(
    session: Session, row: TotpSeed, typed: str, *, key: bytes, by: User, login: Login, token_hash: str, now: datetime
) -> bool:
    """Take the proposed seed into use with a first code from it; it replaces the one before."""
    _hold(session, by, login)
    step = totp.matching_step(proofs.opened(row, key), typed, now)
    if step is None or not factors.spend_step(session, row, step):
        return False
    row.confirmed_at = now
    factors.forget_totp(session, by, but=row)
    _changed(session, by, login, token_hash, now)
    audit.record(session, "account.authenticator-added", actor=by, subject=row, now=now)
    session.commit()
    return True


def remove_totp(session: Session, user: User, *, login: Login, now: datetime) -> None:
    """Forget the authenticator app, unless nothing else would be left."""
    _hold(session, user, login)
    if not factors.passkeys(session, user):
        _refuse_the_last()
    factors.forget_totp(session, user)
    sessions.end_all(session, user, now, "factor", but=login)
    audit.record(session, "account.authenticator-removed", actor=user, now=now)
    session.commit()


def make_codes(session: Session, user: User, hashes: Sequence[str], *, login: Login, now: datetime) -> None:
    """Ten new recovery codes, by their hashes; those before work no more."""
    _hold(session, user, login)
    factors.forget_codes(session, user)
    session.add_all([RecoveryCode(user_id=user.id, code_hash=each, created_at=now) for each in hashes])
    session.flush()
    audit.record(session, "account.recovery-codes-made", actor=user, now=now)
    session.commit()


def _hold(session: Session, user: User, login: Login) -> None:
    """Let nobody else change how somebody signs in; EndedError when this session is not what it was any more."""
    if not sessions.hold(session, user, login):
        raise EndedError


def _changed(session: Session, user: User, login: Login, token_hash: str, now: datetime) -> None:
    sessions.end_all(session, user, now, "factor", but=login)
    if login.mfa_at is None:
        sessions.admit(session, login, user, token_hash, login.device, now)


def _refuse_the_last() -> None:
    message = (
        "Without this you could not sign in any more: it is the only second factor you have. Add another one first."
    )
    raise RefusedError(message)
