"""Root keys that somebody else hands to the program: a variable, a mounted secret, a credential of systemd."""

from __future__ import annotations

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

    def read(self) -> KeyRing:
        """What it holds. In production only a secret mount will do: a variable shows in process lists and dumps."""
        path = self.settings.root_file
        if self.settings.production and (path is None or not mounts.is_memory(path)):
            message = (
                "KEY_PROVIDER is env in production: set KEY_ROOT_FILE to a secret mount in memory, "
                "such as /run/secrets/fernleaf-root, or choose another provider."
            )
            raise KeySourceError(message)
        if path is None:
            return keyfile.parsed(self.settings.root, self.where)
        return keyfile.parsed(_mounted(path), str(path))


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

    def read(self) -> KeyRing:
        """What it holds."""
        if self.settings.credentials is None:
            message = (
                "KEY_PROVIDER is systemd-creds, but systemd handed over no credentials: start the service with "
                f"LoadCredentialEncrypted={self.settings.credential}:PATH in its unit."
            )
            raise KeySourceError(message)
        return keyfile.parsed(_mounted(self.path), self.where)


def _mounted(path: Path) -> str:
    """A secret somebody mounts. Its rights are those of the mount, not ours to demand: Docker's are often 0444."""
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        message = f"The secret {path} cannot be read: check that it is mounted and that this account may read it."
        raise KeySourceError(message) from None
