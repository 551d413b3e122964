"""Signed records: the very bytes, whose key signed them, and the instance's countersignature. Only added to."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from intake.clinical import signed
from intake.clinical.signed import Place, Signed
from intake.security import proof, signing
from intake.security.assertions import Assertion
from intake.security.proof import Proof
from intake.security.signing import Instance
from intake.store import ledgers
from intake.store.base import Base, Identified
from intake.store.patient_keys import SENSITIVE
from intake.store.sealing import Inside, Sealing, sealed
from intake.store.signing_keys import SigningKey

SIGNING_ACTS = ("note.signed", "note.added-to", "note.cosigned")


class Signature(Sealing, Base, Identified):
    """One entry of a patient's ledger: a note, an addendum or a co-signature.

    The columns beside `content` only help to find it; a check compares each with what was signed.
    """

    __tablename__ = "signatures"
    __table_args__ = (UniqueConstraint("patient_id", "position"),)

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"))
    position: Mapped[int]
    prev_hash: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    note_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notes.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    meaning: Mapped[str] = mapped_column(String(20))
    adds_to: Mapped[str | None] = mapped_column(String(64), index=True)
    sealed_content: Mapped[bytes] = sealed(SENSITIVE, "content")
    signer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("signing_keys.id"))
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    client_data: Mapped[bytes | None] = mapped_column(LargeBinary)
    authenticator_data: Mapped[bytes | None] = mapped_column(LargeBinary)
    signed_at: Mapped[datetime]
    countersigned_at: Mapped[datetime]
    countersignature: Mapped[bytes] = mapped_column(LargeBinary)
    instance_public: Mapped[bytes] = mapped_column(LargeBinary)

    content = Inside[str]("sealed_content", str)

    key: Mapped[SigningKey] = relationship(lazy="joined")

    _read = cast("tuple[str, Signed] | None", None)  # no column: what was read last, and what it says

    @property
    def said(self) -> Signed:
        """What was signed, read from its bytes, once as long as these stay the same."""
        content = self.content
        if self._read is None or self._read[0] != content:
            self._read = content, signed.read(content.encode())
        return self._read[1]

    @property
    def code(self) -> str:
        """The short code printed on it."""
        return signing.code(self.sha256)

    @property
    def as_proof(self) -> Proof:
        """Everything a check needs."""
        return Proof(
            content=self.content.encode(),
            sha256=self.sha256,
            key=self.key.as_proof,
            signature=self.signature,
            countersigned_at=self.countersigned_at,
            countersignature=self.countersignature,
            instance_public=self.instance_public,
            client_data=self.client_data or b"",
            authenticator_data=self.authenticator_data or b"",
        )


def by_password(content: bytes, key: SigningKey, private: bytes) -> Signature:
    """These bytes signed with a key its password has opened; not kept yet."""
    return _signature(content, key, signing.sign(private, signing.labelled(signing.NOTE, content)))


def by_passkey(content: bytes, key: SigningKey, assertion: Assertion) -> Signature:
    """These bytes with the authenticator's assertion over them; not kept yet, and not checked yet."""
    made = _signature(content, key, assertion.signature)
    made.client_data, made.authenticator_data = assertion.client_data, assertion.authenticator_data
    return made


def _signature(content: bytes, key: SigningKey, signature: bytes) -> Signature:
    said = signed.read(content)
    made = Signature(id=uuid.uuid4(), patient_id=said.patient, note_id=said.note, signer_id=said.author_id)
    made.position, made.prev_hash = said.place.position, said.place.prev_hash
    made.kind, made.meaning, made.adds_to = said.kind, said.meaning, said.adds_to
    made.content, made.signed_at = content.decode(), said.signed_at
    made.sha256 = signing.digest(signing.labelled(signing.NOTE, content))
    made.key, made.key_id, made.signature = key, key.id, signature
    return made


def keep(session: Session, made: Signature, instance: Instance, now: datetime) -> Signature:
    """Countersign, add to the patient's ledger. The place it was made for must still be held (ledgers.next_place)."""
    record = proof.countersigned(made.sha256, made.signature, str(made.key_id), made.patient_id, made.position, now)
    made.countersigned_at, made.instance_public = now, instance.public
    made.countersignature = instance.sign(signing.COUNTERSIGNATURE, record)
    session.add(made)
    ledgers.advance(session, made.patient_id, Place(made.position, made.prev_hash), made.sha256)
    return made


def of_note(session: Session, note_id: uuid.UUID) -> list[Signature]:
    """What was signed for a note, in the order of the ledger."""
    return list(session.scalars(select(Signature).where(Signature.note_id == note_id).order_by(Signature.position)))


def of_patient(session: Session, patient_id: uuid.UUID) -> list[Signature]:
    """A patient's ledger, from its first entry."""
    query = select(Signature).where(Signature.patient_id == patient_id).order_by(Signature.position)
    return list(session.scalars(query.options(joinedload(Signature.key))))


def by_code(session: Session, typed: str) -> Signature | None:
    """The signed record a printed code stands for."""
    start = signing.hash_start(typed)
    found = Signature.sha256.between(start, start + "g")  # hex digits end at f
    return session.scalar(select(Signature).where(found).limit(1)) if start else None
