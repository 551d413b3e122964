"""Root keys that somebody else hands to the program: a variable, a mounted secret, a credential of systemd."""

from __future__ import annotations

import os
from pathlib import Path

from intake.security import keyfile, mounts
from intake.security.keyfile import KeySourceError
from intake.security.keys import KeyRing
from intake.security.providers.settings import Settings


class ReadOnly:
    """Keys that somebody else hands to the program; it cannot change them."""

    where: str
    change: str

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def problem(self) -> str | None:
        """What is wrong with the place they come from."""
        raise NotImplementedError

    def text(self) -> str:
        """The ring as it was handed over."""
        raise NotImplementedError

    def read(self) -> KeyRing:
        """The ring that was handed over."""
        if reason := self.problem():
            raise KeySourceError(reason)
        return keyfile.parsed(self.text(), self.where)

    def write(self, _ring: KeyRing) -> None:
        """Refused, with what to do instead."""
        message = f"The program cannot change {self.where}: {self.change}"
        raise KeySourceError(message)


class InEnvironment(ReadOnly):
    """The keys in KEY_ROOT, or in the file of a secret mount that KEY_ROOT_FILE names."""

    where = "KEY_ROOT"
    change = "put the new root key in front of the old ones there, with a comma between, and start every server again."

    def exists(self) -> bool:
        """Whether one of the two is set."""
        return bool(self.settings.root or self.settings.root_file)

    def problem(self) -> str | None:
        """In production only a secret mount will do: a variable shows in process lists, dumps and crash reports."""
        path = self.settings.root_file
        if self.settings.production and (path is None or not mounts.is_memory(path)):
            return (
                "KEY_PROVIDER is env in production: set KEY_ROOT_FILE to a secret mount in memory, "
                "such as /run/secrets/fernleaf-root, or choose another provider."
            )
        return None if path is None else _unreadable(path)

    def text(self) -> str:
        """The variable, or the file it points to."""
        path = self.settings.root_file
        return self.settings.root if path is None else path.read_text(encoding="ascii", errors="replace")


class InCredentials(ReadOnly):
    """The keys as a credential that systemd unseals (LoadCredentialEncrypted=), often with the machine's TPM."""

    change = (
        "make a new credential with systemd-creds, the new root key on its first line, and start the service again."
    )

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.path = (settings.credentials or Path("/nonexistent")) / settings.credential
        self.where = str(self.path) if settings.credentials else "the credential " + settings.credential

    def exists(self) -> bool:
        """Whether systemd handed it over."""
        return self.settings.credentials is not None and self.path.exists()

    def problem(self) -> str | None:
        """Whether systemd handed it over."""
        if self.settings.credentials is None:
            return (
                "KEY_PROVIDER is systemd-creds, but systemd handed over no credentials: start the service with "
                f"LoadCredentialEncrypted={self.settings.credential}:PATH in its unit."
            )
        return _unreadable(self.path)

    def text(self) -> str:
        """The credential, unsealed by systemd."""
        return self.path.read_text(encoding="ascii", errors="replace")


def _unreadable(path: Path) -> str | None:
    """Why a mounted secret cannot be had. Its rights are the mount's, not ours: Docker's are often 0444."""
    if path.is_file() and os.access(path, os.R_OK):
        return None
    return f"The secret {path} cannot be read: check that it is mounted and that this account may read it."
