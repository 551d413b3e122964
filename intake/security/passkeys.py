"""Passkeys (WebAuthn): what the browser is asked, and what its answer proves.

The device always checks the person (fingerprint, face, PIN), so a passkey alone is two factors.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from intake.security.assertions import Assertion

NAME = "Fernleaf"
LONGEST_ANSWER = 20_000  # characters; the longest seen in practice are under 3,000
LONGEST_ID = 1023  # bytes, the specification's limit
VERIFIED = UserVerificationRequirement.REQUIRED


class PasskeyError(Exception):
    """The browser's answer does not prove what it should."""


@dataclass(frozen=True, slots=True)
class Site:
    """Whom a passkey is for: the host people see in the address, and the origin the browser reports."""

    host: str
    origin: str

    @property
    def can(self) -> bool:
        """Whether browsers make passkeys here: for names, not for numbers such as 127.0.0.1."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return True
        return False


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey: what is kept of it."""

    credential_id: str
    public_key: bytes
    sign_count: int
    is_synced: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser is told, as JSON, and the challenge its answer must carry."""

    options: str
    challenge: str


def site(public_url: str) -> Site:
    """The site of an address like https://forms.example.org."""
    return Site(urlsplit(public_url).hostname or "", public_url)


def ask_to_make(site: Site, user_id: uuid.UUID, email: str, name: str, have: Sequence[str]) -> Asked:
    """Ask for a new passkey, on a device that has none of `have` yet."""
    options = webauthn.generate_registration_options(
        rp_id=site.host, rp_name=NAME, user_id=user_id.bytes, user_name=email, user_display_name=name,
        exclude_credentials=_described(have),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=VERIFIED
        ),
    )  # fmt: skip
    return Asked(webauthn.options_to_json(options), bytes_to_base64url(options.challenge))


def ask_to_show(site: Site, have: Sequence[str] = (), challenge: bytes | None = None) -> Asked:
    """Ask for one of `have`, or for any this site has made when nobody has said who they are.

    Without a challenge of the caller's, such as the hash of what is signed, a random one is drawn.
    """
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=challenge, allow_credentials=_described(have), user_verification=VERIFIED
    )
    return Asked(webauthn.options_to_json(options), bytes_to_base64url(options.challenge))


def made(site: Site, answer: str, challenge: str) -> Made:
    """The new passkey, or PasskeyError."""
    try:
        found = webauthn.verify_registration_response(
            credential=_read(answer), expected_challenge=base64url_to_bytes(challenge), expected_rp_id=site.host,
            expected_origin=site.origin, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise PasskeyError from wrong
    if len(found.credential_id) > LONGEST_ID:
        raise PasskeyError
    return Made(
        bytes_to_base64url(found.credential_id), found.credential_public_key, found.sign_count,
        found.credential_backed_up,
    )  # fmt: skip


def credential_id(answer: str) -> str:
    """Which passkey an answer claims to come from; PasskeyError when it names none."""
    named = _read(answer).get("id")
    if not isinstance(named, str) or not named:
        raise PasskeyError
    return named


def shown(site: Site, answer: str, challenge: str, *, public_key: bytes, user_id: uuid.UUID) -> int:
    """The passkey's counter after it was shown, or PasskeyError.

    A counter that went back can mean a copied key. That is for the caller to see and report: many passkeys do not
    count at all, and locking somebody out of a clinic over it would do more harm.
    """
    given = _read(answer)
    try:
        found = webauthn.verify_authentication_response(
            credential=given, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=site.host,
            expected_origin=site.origin, credential_public_key=public_key, credential_current_sign_count=0,
            require_user_verification=True,
        )  # fmt: skip
        handle = given["response"].get("userHandle")
        if handle and not hmac.compare_digest(base64url_to_bytes(handle), user_id.bytes):
            raise PasskeyError
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise PasskeyError from wrong
    return found.new_sign_count


def assertion(answer: str) -> Assertion:
    """The answer as the bytes that are kept when it signs something; PasskeyError when it is none."""
    given = _read(answer)
    try:
        response = given["response"]
        parts = (given["id"], *(response[name] for name in ("clientDataJSON", "authenticatorData", "signature")))
        return Assertion(*(base64url_to_bytes(part) for part in parts))
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise PasskeyError from wrong


def _described(ids: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in ids]


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyError
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        raise PasskeyError from None
    if not isinstance(found, dict):
        raise PasskeyError
    return found
