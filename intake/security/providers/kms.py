"""Root keys in a file that only a key service opens; `KMS` names the services there are adapters for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from intake.security import keyfile
from intake.security.keyfile import KeySourceError
from intake.security.providers.files import InFile
from intake.security.providers.settings import Settings
from intake.security.providers.vault import VaultTransit


class Kms(Protocol):
    """A service that wraps and unwraps a few bytes with a key it never gives away."""

    def wrap(self, plain: bytes) -> bytes:
        """The bytes, wrapped; KeySourceError when the service refuses."""
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """The bytes that were wrapped; KeySourceError when the service refuses."""
        ...


class UnderKms(InFile):
    """The keys in a file that only a key service opens."""

    def problem(self) -> str | None:
        """What is wrong with the file or with what is known about the service; the service itself is not asked."""
        try:
            self._service()
        except KeySourceError as problem:
            return str(problem)
        return super().problem()

    def _service(self) -> Kms:
        if self.settings.kms not in KMS:
            message = f"KMS is {self.settings.kms!r}: use {' or '.join(KMS)}."
            raise KeySourceError(message)
        return KMS[self.settings.kms](self.settings)

    def _opened(self, content: bytes) -> str:
        return self._service().unwrap(content).decode("ascii", errors="replace")

    def _closed(self, plain: bytes) -> bytes:
        return self._service().wrap(plain)


def _vault(settings: Settings) -> VaultTransit:
    address, token = settings.vault_address, settings.vault_token
    loopback = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")
    if not address.startswith(("https://", *loopback)):
        message = (
            "VAULT_ADDR is missing or not https: set it to the address of Vault, like https://vault.example.org:8200."
        )
        raise KeySourceError(message)
    if settings.vault_token_file is not None:
        token = keyfile.read(settings.vault_token_file, settings.data).decode("ascii", errors="replace").strip()
    if not token:
        message = "There is no token for Vault: set VAULT_TOKEN_FILE to a file that only this account can read."
        raise KeySourceError(message)
    return VaultTransit(address, token, settings.vault_key, settings.vault_mount)


KMS: Mapping[str, Callable[[Settings], Kms]] = {"vault": _vault}
