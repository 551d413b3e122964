"""The one table of key providers: how each is made, what it protects against, and what it does not."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from intake.security.keyfile import KeySourceError
from intake.security.keys import KeyRing, RootKey
from intake.security.providers.files import InFile, UnderPassphrase
from intake.security.providers.kms import UnderKms
from intake.security.providers.mounted import InCredentials, InEnvironment
from intake.security.providers.settings import Settings


class Provider(Protocol):
    """A way to keep the ring."""

    where: str
    settings: Settings

    def exists(self) -> bool:
        """Whether there is a ring, as far as can be told without opening it."""
        ...

    def problem(self) -> str | None:
        """What is wrong with the place, in one sentence that says how to mend it; nothing is opened or asked for."""
        ...

    def read(self) -> KeyRing:
        """The ring; KeySourceError with one sentence when it cannot be had."""
        ...

    def write(self, ring: KeyRing) -> None:
        """Keep this ring instead; KeySourceError when that is not ours to do."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A provider, and in plain words what it is good for."""

    make: Callable[[Settings], Provider]
    stops: str
    does_not_stop: str


PROVIDERS: Mapping[str, Kind] = {
    "file": Kind(
        InFile,
        "A copy of the database, a backup or a dump: without the key file nothing in them can be read.",
        "Anyone who takes the whole machine or its disk, unless the disk is encrypted.",
    ),
    "passphrase": Kind(
        UnderPassphrase,
        "Also whoever takes the whole machine or its disk while it is off, as far as the passphrase is a good one.",
        "Whoever gets into the running machine. After a restart somebody has to type the passphrase.",
    ),
    "systemd-creds": Kind(
        InCredentials,
        "Whoever takes the disk without the machine, when the credential is sealed to the machine's TPM.",
        "Whoever takes the whole machine and can start it, or gets into it while it runs.",
    ),
    "kms": Kind(
        UnderKms,
        "Whoever takes the machine or its disk: the key service can refuse from then on, and it writes down each use.",
        "Whoever gets into the running machine. When the service is away, nothing can be started.",
    ),
    "env": Kind(
        InEnvironment,
        "A copy of the database. For tests and containers that get secrets mounted.",
        "Whoever can look into the process, the container's settings or their backups.",
    ),
}


def chosen(settings: Settings) -> Provider:
    """The provider the settings name; KeySourceError when there is none of that name."""
    if settings.provider not in PROVIDERS:
        message = f"KEY_PROVIDER is {settings.provider!r}: use {', '.join(PROVIDERS)}."
        raise KeySourceError(message)
    return PROVIDERS[settings.provider].make(settings)


def ring(settings: Settings) -> KeyRing:
    """The ring for a program that runs on: it looks again when it meets a root key that was made meanwhile."""
    provider = chosen(settings)
    found = provider.read()

    def again() -> KeyRing | None:
        try:
            return provider.read()
        except KeySourceError:
            return None

    return KeyRing(found.current, found.older, again)


def new_root() -> RootKey:
    """A new random root key."""
    return RootKey.of(os.urandom(32))
