"""Ways somebody proves who they are. Each can be spent once, in the transaction of what it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from intake.security import box, totp
from intake.store import factors
from intake.store.factors import Passkey, TotpSeed
from intake.store.people import User

SUSPICIOUS = "alert"


class Proof(Protocol):
    """`factor` names it in the audit trail."""

    @property
    def factor(self) -> str:
        """What it is called."""

    def spend(self, session: Session, user: User, now: datetime) -> str | None:
        """The outcome for the audit trail ("done", "alert"), or None when it proves nothing."""


@dataclass(frozen=True, slots=True)
class Password:
    """A password that was checked already: hashing takes time on purpose, and must not hold the database."""

    fits: bool
    factor: str = "password"

    def spend(self, session: Session, user: User, now: datetime) -> str | None:  # noqa: ARG002 - the protocol's signature
        """Whether it was the right one."""
        return "done" if self.fits else None


@dataclass(frozen=True, slots=True)
class Code:
    """Six digits of an authenticator app. `key` opens the box the seed lies in."""

    typed: str
    key: bytes
    factor: str = "totp"

    def spend(self, session: Session, user: User, now: datetime) -> str | None:
        """A code counts once, and none older than the last one does."""
        seed = factors.totp(session, user)
        if seed is None:
            return None
        step = totp.matching_step(opened(seed, self.key), self.typed, now)
        return "done" if step is not None and factors.spend_step(session, seed, step) else None


@dataclass(frozen=True, slots=True)
class Paper:
    """A recovery code, by its hash."""

    code_hash: str
    factor: str = "recovery"

    def spend(self, session: Session, user: User, now: datetime) -> str | None:
        """Each counts once."""
        return "done" if factors.spend_code(session, user, self.code_hash, now) else None


@dataclass(frozen=True, slots=True)
class Shown:
    """A passkey whose answer to the challenge was verified."""

    passkey: Passkey
    count: int
    challenge: str
    factor: str = "passkey"

    def spend(self, session: Session, user: User, now: datetime) -> str | None:
        """A counter that went back is reported, not refused."""
        passkey = factors.passkey(session, self.passkey.id)
        if passkey is None or passkey.user_id != user.id:
            return None
        return SUSPICIOUS if factors.use_passkey(session, passkey, self.count, self.challenge, now) else "done"


def locked(seed: bytes, row: TotpSeed, key: bytes) -> bytes:
    """The box for a seed that is kept in that row."""
    return box.lock(key, seed, TotpSeed.__tablename__, "seed", row.id)


def opened(row: TotpSeed, key: bytes) -> bytes:
    """The seed."""
    return box.unlock(key, row.seed, TotpSeed.__tablename__, "seed", row.id)
