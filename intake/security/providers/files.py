"""Root keys in a file of their own: bare, or under a passphrase."""

from __future__ import annotations

import functools
import getpass
import sys
from collections.abc import Callable

from intake.security import keyfile, unlocking, wrapping
from intake.security.keyfile import KeySourceError
from intake.security.keys import KeyRing
from intake.security.providers.settings import Settings

TRIES = 3
UNWRAPPED = "{where} holds no keys under a passphrase: check KEY_FILE, or run `flask keys init passphrase`."


class InFile:
    """The keys in a file of their own, 0400."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.where = str(settings.file)

    def exists(self) -> bool:
        """Whether the file is there."""
        return self.settings.file.exists()

    def problem(self) -> str | None:
        """What is wrong with the file's place, owner or rights."""
        return keyfile.reason_against(self.settings.file, self.settings.data)

    def read(self) -> KeyRing:
        """What the file holds."""
        if reason := self.problem():
            raise KeySourceError(reason)
        content = keyfile.read(self.settings.file, self.settings.data)
        return keyfile.parsed(self._opened(content), self.where)

    def write(self, ring: KeyRing) -> None:
        """Put it there, whole or not at all."""
        keyfile.write(self.settings.file, self._closed(keyfile.written(ring).encode()), self.settings.data)

    def _opened(self, content: bytes) -> str:
        return content.decode("ascii", errors="replace")

    def _closed(self, plain: bytes) -> bytes:
        return plain


class UnderPassphrase(InFile):
    """The keys in a file that a passphrase opens, typed at the start or handed over with `flask keys unlock`."""

    def __init__(self, settings: Settings, ask: Callable[[], str] | None = None) -> None:
        super().__init__(settings)
        self.ask = ask
        self._lock: wrapping.Lock | None = None

    def problem(self) -> str | None:
        """What is wrong with the file, as far as can be seen without the passphrase."""
        if reason := super().problem():
            return reason
        try:
            wrapping.salt_of(keyfile.read(self.settings.file, self.settings.data))
        except KeySourceError as problem:
            return str(problem)
        except wrapping.NotWrappedError:
            return UNWRAPPED.format(where=self.where)
        return None

    def _closed(self, plain: bytes) -> bytes:
        if self._lock is None:
            if self.ask is None:
                message = "A passphrase is chosen with `flask keys init passphrase`."
                raise KeySourceError(message)
            self._lock = wrapping.Lock.made(self.ask())
        return self._lock.wrap(plain)

    def _opened(self, content: bytes) -> str:
        try:
            lock = self._lock or self._unlocked(content)
            return lock.unwrap(content).decode("ascii", errors="replace")
        except wrapping.NotWrappedError:
            raise KeySourceError(UNWRAPPED.format(where=self.where)) from None
        except wrapping.WrongPassphraseError:
            message = f"This passphrase does not open {self.where}: try again, or use the recovery sheet."
            raise KeySourceError(message) from None

    def _unlocked(self, content: bytes) -> wrapping.Lock:
        if self.ask is not None:
            self.accepts(self.ask(), content)
        elif sys.stdin is not None and sys.stdin.isatty():
            any(self.accepts(getpass.getpass("Passphrase of the keys: "), content) for _try in range(TRIES))
        else:
            self._wait(content)
        if self._lock is None:
            raise wrapping.WrongPassphraseError
        return self._lock

    def _wait(self, content: bytes) -> None:
        try:
            with unlocking.listening(self.settings.socket) as server:
                print(  # noqa: T201 - whoever started the server looks here, and logs are not set up yet
                    f"Locked until `flask keys unlock` hands the passphrase to {self.settings.socket}",
                    file=sys.stderr,
                    flush=True,
                )
                unlocking.wait(server, functools.partial(self.accepts, content=content))
        except unlocking.SocketError as error:
            raise KeySourceError(str(error)) from None

    def accepts(self, passphrase: str, content: bytes) -> bool:
        """Whether the passphrase opens the file; it is unlocked from then on."""
        lock = wrapping.Lock.made(passphrase, wrapping.salt_of(content))
        try:
            lock.unwrap(content)
        except wrapping.WrongPassphraseError:
            return False
        self._lock = lock
        return True
