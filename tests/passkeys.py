"""An authenticator made of software: it signs a challenge as a passkey would."""

from __future__ import annotations

import hashlib
import json
import secrets
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

from intake.security.assertions import Assertion, challenge

ORIGIN = "https://clinic.example"
PRESENT, VERIFIED = 1, 4


class Authenticator:
    """A credential on the P-256 curve (ES256). `verified` says whether it made sure who holds it."""

    def __init__(self, *, verified: bool = True, origin: str = ORIGIN) -> None:
        self.private, self.origin, self.verified = ec.generate_private_key(ec.SECP256R1()), origin, verified
        self.credential_id = secrets.token_bytes(16)

    @property
    def cose(self) -> bytes:
        """The public key as a registration hands it over."""
        numbers = self.private.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        return encode_cbor({1: 2, 3: -7, -1: 1, **point})

    def sign(self, content: bytes, *, kind: str = "webauthn.get") -> Assertion:
        """The assertion whose challenge is the hash of the content."""
        said = {"type": kind, "challenge": bytes_to_base64url(challenge(content)), "origin": self.origin}
        client_data = json.dumps({**said, "crossOrigin": False}).encode()
        flags = PRESENT | (VERIFIED if self.verified else 0)
        host = urlsplit(self.origin).hostname or ""
        data = hashlib.sha256(host.encode()).digest() + bytes([flags]) + (7).to_bytes(4, "big")
        signature = self.private.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return Assertion(self.credential_id, client_data, data, signature)
