"""A passkey device in software: it answers as browsers and devices do, and can be told to do so wrongly."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from intake.store.factors import Passkey
from intake.store.people import User

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass
class Device:
    """One device with one key. `count` goes up by one each time; `verifies` is whether it checks its person."""

    origin: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    verifies: bool = True
    count: int = 0
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    owner: str = ""

    @property
    def cose(self) -> bytes:
        """The public key as a registration hands it over."""
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})

    @classmethod
    def of(cls, session: Session, user: User, now: datetime, **more: Any) -> Device:
        """A device with a passkey of somebody's that is kept already."""
        made = cls(**more)
        made.owner = bytes_to_base64url(user.id.bytes)
        name = bytes_to_base64url(made.id)
        session.add(Passkey(user_id=user.id, credential_id=name, public_key=made.cose, name="Phone", created_at=now))
        session.commit()
        return made

    def make(self, options: dict[str, Any]) -> str:
        """Answer the wish for a new passkey."""
        self.owner = options["user"]["id"]
        about = bytes(16) + len(self.id).to_bytes(2) + self.id + self.cose
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + about}
        client = self._client("webauthn.create", options)
        return self._said({"clientDataJSON": client, "attestationObject": cbor2.dumps(attested)})

    def show(self, options: dict[str, Any], *, handle: str | None = None) -> str:
        """Answer the wish to see the passkey."""
        self.count += 1
        data, client = self._data(), self._client("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        owner = base64url_to_bytes(self.owner if handle is None else handle)
        said = {"clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": owner}
        return self._said(said)

    def _data(self, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _said(self, response: dict[str, bytes]) -> str:
        named = {name: bytes_to_base64url(value) for name, value in response.items()}
        own = bytes_to_base64url(self.id)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": named})
