"""Vault's transit engine as the place where root keys are wrapped: the wrapping key never leaves it.

Needs `hvac`, which is optional: pip install 'hvac>=2.4'.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from intake.security.keyfile import KeySourceError

PATIENCE = 10  # seconds


@dataclass(frozen=True, slots=True)
class VaultTransit:
    """One key of a transit engine, and a token that may encrypt and decrypt with it."""

    address: str
    token: str = field(repr=False)
    key: str = "fernleaf"
    mount: str = "transit"

    def wrap(self, plain: bytes) -> bytes:
        """What the file holds: text that only this Vault key opens."""
        plaintext = base64.b64encode(plain).decode()
        return self._asked("encrypt_data", "ciphertext", plaintext=plaintext).encode()

    def unwrap(self, wrapped: bytes) -> bytes:
        """The bytes that were wrapped."""
        return base64.b64decode(self._asked("decrypt_data", "plaintext", ciphertext=wrapped.decode("ascii").strip()))

    def _asked(self, call: str, part: str, **given: str) -> str:
        try:
            import hvac  # noqa: PLC0415 - optional: only who uses Vault installs it
            import requests  # noqa: PLC0415 - hvac's own; its errors come through
        except ImportError:
            message = "KMS is vault, which needs a library: run .venv/bin/python -m pip install 'hvac>=2.4'."
            raise KeySourceError(message) from None
        client = hvac.Client(url=self.address, token=self.token, timeout=PATIENCE, allow_redirects=False)
        try:
            answer: Any = getattr(client.secrets.transit, call)(name=self.key, mount_point=self.mount, **given)
            return str(answer["data"][part])
        except (hvac.exceptions.VaultError, requests.RequestException, KeyError, TypeError, ValueError) as error:
            message = (
                f"Vault at {self.address} did not {call.partition('_')[0]} with the key {self.key} "
                f"({type(error).__name__}): check that it runs, is unsealed, and that the token may use this key."
            )
            raise KeySourceError(message) from None
