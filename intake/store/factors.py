"""What people prove themselves with besides the password: passkeys, authenticator apps, codes on paper."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, delete, func, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.dml import Update

from intake.store.asked import as_asked
from intake.store.base import Base, Identified, Within, everybody
from intake.store.binding import Bound
from intake.store.people import User

SPENT_FOR = timedelta(hours=1)


class Passkey(Bound, Base, Identified):
    """A passkey: its public half and how often it says it was used."""

    __tablename__ = "passkeys"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(60))
    is_synced: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class TotpSeed(Bound, Base, Identified):
    """The seed somebody's authenticator app computes its codes from, in a box; proposed until a first code fits."""

    __tablename__ = "totp_seeds"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Bound, Base, Identified):
    """One of somebody's ten codes on paper."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SpentChallenge(Base):
    """A passkey challenge that was answered: the same answer is worth nothing a second time."""

    __tablename__ = "spent_challenges"

    challenge: Mapped[str] = mapped_column(String(100), primary_key=True)
    spent_at: Mapped[datetime]


def passkeys(session: Session, user: User) -> list[Passkey]:
    """Somebody's passkeys, the oldest first."""
    mine = select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.created_at)
    return [as_asked(each, user_id=user.id) for each in session.scalars(mine)]


def passkey(session: Session, passkey_id: uuid.UUID, within: Within = everybody) -> Passkey | None:
    """The passkey of that id."""
    return as_asked(session.scalar(select(Passkey).where(Passkey.id == passkey_id, within(Passkey))), id=passkey_id)


def passkey_by_credential(session: Session, credential_id: str) -> Passkey | None:
    """The passkey the browser calls by that name."""
    found = session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))
    return as_asked(found, credential_id=credential_id)


def totp(session: Session, user: User, *, confirmed: bool = True) -> TotpSeed | None:
    """Somebody's seed in use, or the one that was proposed last."""
    state = TotpSeed.confirmed_at.is_not(None) if confirmed else TotpSeed.confirmed_at.is_(None)
    mine = select(TotpSeed).where(TotpSeed.user_id == user.id, state).order_by(TotpSeed.created_at.desc()).limit(1)
    return as_asked(session.scalar(mine), user_id=user.id)


def codes_left(session: Session, user: User) -> int:
    """How many of somebody's recovery codes are unused."""
    unused = RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def has_any(session: Session, user: User) -> bool:
    """Whether somebody has a second factor: recovery codes alone are none."""
    return bool(passkeys(session, user)) or totp(session, user) is not None


def spend_step(session: Session, seed: TotpSeed, step: int) -> bool:
    """Mark a step as used, unless it or a later one was: of two at the same moment exactly one wins."""
    fresh = TotpSeed.id == seed.id, TotpSeed.last_step < step
    return _one(session, update(TotpSeed).where(*fresh).values(last_step=step))


def spend_code(session: Session, user: User, code_hash: str, now: datetime) -> bool:
    """Use up one of somebody's recovery codes; False when there is no such unused one."""
    mine = RecoveryCode.user_id == user.id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None)
    found = session.scalar(select(RecoveryCode).where(*mine))  # read before it is used: only so it is checked
    if as_asked(found, user_id=user.id, code_hash=code_hash) is None:
        return False
    return _one(session, update(RecoveryCode).where(*mine).values(used_at=now))


def use_passkey(session: Session, passkey: Passkey, count: int, challenge: str, now: datetime) -> bool:
    """Note that a passkey was shown; True when its counter went back, as that of a copy would.

    IntegrityError when this very answer was given before.
    """
    spend_challenge(session, challenge, now)
    went_back = count <= passkey.sign_count and (count, passkey.sign_count) != (0, 0)
    passkey.sign_count, passkey.used_at = max(count, passkey.sign_count), now
    return went_back


def spend_challenge(session: Session, challenge: str, now: datetime) -> None:
    """Note that a challenge was answered; IntegrityError when it was before."""
    session.execute(delete(SpentChallenge).where(SpentChallenge.spent_at < now - SPENT_FOR))
    session.execute(insert(SpentChallenge).values(challenge=challenge, spent_at=now))


def forget_totp(session: Session, user: User, but: TotpSeed | None = None) -> None:
    """Delete somebody's seeds, except `but`."""
    mine = [TotpSeed.user_id == user.id]
    if but is not None:
        mine.append(TotpSeed.id != but.id)
    session.execute(delete(TotpSeed).where(*mine))


def forget_codes(session: Session, user: User) -> None:
    """Delete somebody's recovery codes."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def forget_all(session: Session, user: User) -> None:
    """Delete everything somebody proves themselves with besides the password."""
    session.execute(delete(Passkey).where(Passkey.user_id == user.id))
    forget_totp(session, user)
    forget_codes(session, user)


def _one(session: Session, change: Update) -> bool:
    done = session.execute(change.execution_options(synchronize_session=False))
    return isinstance(done, CursorResult) and done.rowcount == 1
