"""The keys clinicians sign with: public for whoever checks, private only under the owner's password."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from intake.security import assertions, signing
from intake.security.passwords import Cost
from intake.security.proof import PASSKEY, PASSWORD_KEY, Key
from intake.security.signing import Instance, Wrapped
from intake.store.base import Base, Identified
from intake.store.people import User


class SigningKey(Base, Identified):
    """One key of one person. The instance's certificate says whose it is; replacing the public key breaks it.

    `public` is DER. A passkey has its COSE key, its credential id and the origin it works on, and no private key here.
    """

    __tablename__ = "signing_keys"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    method: Mapped[str] = mapped_column(String(20))
    public: Mapped[bytes] = mapped_column(LargeBinary)
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    instance_public: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_private: Mapped[bytes | None] = mapped_column(LargeBinary)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    passes: Mapped[int] = mapped_column(default=0)
    memory: Mapped[int] = mapped_column(default=0)
    credential_id: Mapped[bytes | None] = mapped_column(LargeBinary)
    cose: Mapped[bytes | None] = mapped_column(LargeBinary)
    origin: Mapped[str] = mapped_column(String(400), default="")

    user: Mapped[User] = relationship()

    @property
    def fingerprint(self) -> str:
        """The public key for people to compare."""
        return signing.fingerprint(self.public)

    @property
    def as_proof(self) -> Key:
        """What a check needs to know of it."""
        return Key(
            id=str(self.id),
            user=str(self.user_id),
            method=self.method,
            public=self.public,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            certificate=self.certificate,
            instance_public=self.instance_public,
            credential_id=self.credential_id or b"",
            cose=self.cose or b"",
            origin=self.origin,
        )

    def lock(self, private: bytes, password: str, cost: Cost) -> None:
        """Keep the private key so that this password opens it."""
        wrapped = signing.wrap(private, password, key_id=str(self.id), user=str(self.user_id), cost=cost)
        self.wrapped_private, self.salt = wrapped.sealed, wrapped.salt
        self.passes, self.memory = cost.passes, cost.memory

    def unlock(self, password: str, cost: Cost) -> bytes:
        """The private key; LockedError when this password does not open it. Of `cost` only the pepper counts.

        It does a password's work and proves it as well: whoever changes a password retires the key in the same act.
        """
        locked_at = replace(cost, passes=self.passes, memory=self.memory)
        wrapped = Wrapped(self.wrapped_private or b"", self.salt or b"", locked_at)
        return signing.unwrap(wrapped, password, key_id=str(self.id), user=str(self.user_id))


CURRENT = (
    select(SigningKey)
    .where(SigningKey.user_id == bindparam("user"), SigningKey.method == PASSWORD_KEY, SigningKey.valid_until.is_(None))
    .order_by(SigningKey.valid_from.desc())
    .limit(1)
)


def of_user(session: Session, user_id: uuid.UUID) -> list[SigningKey]:
    """Every key somebody has or had, newest first."""
    query = select(SigningKey).where(SigningKey.user_id == user_id)
    return list(session.scalars(query.order_by(SigningKey.valid_from.desc())))


def current(session: Session, user: User) -> SigningKey | None:
    """The key their password opens."""
    return session.scalar(CURRENT, {"user": user.id})


def made(user: User, password: str, cost: Cost, now: datetime) -> tuple[SigningKey, bytes]:
    """A new key for a password that was checked, and its private half; not kept yet."""
    private = signing.new_key()
    key = _new(user, PASSWORD_KEY, signing.public_of(private), now)
    key.lock(private, password, cost)
    return key, private


def keep(session: Session, key: SigningKey, user: User, instance: Instance, now: datetime) -> None:
    """Certify a new key and put it in the place of the one in use, which ends.

    That is a key that nobody can open any more, or one that an older key of the instance certified.
    """
    retire(session, user, now)
    _certified(session, key, instance)


def for_passkey(
    session: Session, user: User, *, credential_id: bytes, cose: bytes, origin: str, instance: Instance, now: datetime
) -> SigningKey:
    """The key that stands for somebody's passkey, certified the first time it signs; ValueError for no key at all."""
    query = select(SigningKey).where(SigningKey.user_id == user.id, SigningKey.credential_id == credential_id)
    same = SigningKey.cose == cose, SigningKey.origin == origin, SigningKey.instance_public == instance.public
    found = session.scalar(query.where(SigningKey.valid_until.is_(None), *same).limit(1))
    if found is not None:
        return found
    key = _new(user, PASSKEY, assertions.public_of(cose), now)
    key.credential_id, key.cose, key.origin = credential_id, cose, origin
    return _certified(session, key, instance)


def retire(session: Session, user: User, now: datetime) -> int:
    """End the keys a password locked, as when it was forgotten; how many. What they signed stays valid."""
    open_keys = SigningKey.user_id == user.id, SigningKey.method == PASSWORD_KEY, SigningKey.valid_until.is_(None)
    ended = session.scalars(select(SigningKey).where(*open_keys)).all()
    for key in ended:
        key.valid_until = now
    return len(ended)


def _new(user: User, method: str, public: bytes, now: datetime) -> SigningKey:
    return SigningKey(id=uuid.uuid4(), user_id=user.id, method=method, public=public, valid_from=now, origin="")


def _certified(session: Session, key: SigningKey, instance: Instance) -> SigningKey:
    key.instance_public = instance.public
    key.certificate = b""
    key.certificate = instance.sign(signing.KEY, key.as_proof.certified())
    session.add(key)
    session.flush()
    return key
