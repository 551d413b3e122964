"""Signing with a passkey: the authenticator's assertion over a challenge that is the hash of what is signed.

The private key never leaves the authenticator, and what is kept (client data, authenticator data, signature) can be
checked by anybody who has the public key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True, slots=True)
class Assertion:
    """What the authenticator answered, as bytes."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes


def challenge(content: bytes) -> bytes:
    """What the authenticator is asked to sign for these bytes."""
    return hashlib.sha256(content).digest()


def public_of(cose: bytes) -> bytes:
    """A credential's public key as SubjectPublicKeyInfo (DER); ValueError for what is no key."""
    # The library costs 0.1 s to import, paid only where a passkey signs.
    from webauthn.helpers import (  # noqa: PLC0415 - as said above
        decode_credential_public_key,
        decoded_public_key_to_cryptography,
    )

    try:
        key = decoded_public_key_to_cryptography(decode_credential_public_key(cose))
    except Exception as problem:
        message = "these bytes are no public key of a passkey"
        raise ValueError(message) from problem
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def verifies(assertion: Assertion, content: bytes, *, cose: bytes, public: bytes, origin: str) -> bool:
    """Whether the owner of the passkey, verified by it on our own pages, signed exactly this.

    `public` is the DER form of the credential's key, which the certificate names.
    """
    from webauthn import verify_authentication_response  # noqa: PLC0415 - as above
    from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415 - as above
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415 - as above

    parts = {
        "clientDataJSON": assertion.client_data,
        "authenticatorData": assertion.authenticator_data,
        "signature": assertion.signature,
    }
    name = bytes_to_base64url(assertion.credential_id)
    try:
        if public_of(cose) != public:
            return False
        verify_authentication_response(
            credential={
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": {part: bytes_to_base64url(value) for part, value in parts.items()},
                "clientExtensionResults": {},
            },
            expected_challenge=challenge(content),
            expected_rp_id=urlsplit(origin).hostname or "",
            expected_origin=origin,
            credential_public_key=cose,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        return False
    return True
