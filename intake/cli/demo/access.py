"""How the demo's people get in: a password, the codes of an authenticator app, and ten codes on paper."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask

from intake.cli.demo.walker import StuckError, Walker
from intake.security import totp

SECRET = re.compile(r'id="secret">([A-Z2-7 ]+)<')
CODE = re.compile(r"<li>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</li>")


@dataclass(frozen=True, slots=True)
class Keys:
    """What somebody proves themselves with besides the password: the seed of an app, and codes on paper."""

    seed: bytes
    paper: tuple[str, ...]

    @property
    def text(self) -> str:
        """The seed as one types it into an app."""
        return totp.in_groups(self.seed)

    def code(self, later: int = 0, at: datetime | None = None) -> str:
        """The six digits of this half minute, or of another moment, or of one `later`."""
        return totp.code(self.seed, totp.step(at or datetime.now(UTC)) + later)


def sign_in(app: Flask, email: str, password: str, code: str) -> Walker:
    """Somebody who has been here before."""
    walker = Walker.of(app)
    walker.open("/sign-in")
    walker.submit("/sign-in", {"email": email, "password": password})
    walker.submit("/sign-in/second", {"code": code})
    return walker


def first_sign_in(app: Flask, email: str, password: str, at: datetime | None = None) -> tuple[Walker, Keys]:
    """Somebody of the clinic signs in for the first time: an authenticator app and recovery codes are set up."""
    walker = Walker.of(app)
    walker.open("/sign-in")
    walker.submit("/sign-in", {"email": email, "password": password})
    walker.submit("/account/authenticator/new", {})
    found = SECRET.search(walker.page)
    if found is None:
        raise StuckError(walker.path, "no key for an authenticator app on the page")
    seed = base64.b32decode(found[1].replace(" ", ""))
    walker.submit("/account/authenticator", {"code": Keys(seed, ()).code(at=at)})
    walker.submit("/account/recovery-codes", {})
    return walker, Keys(seed, tuple(CODE.findall(walker.page)))


def due(everyone: Mapping[str, Keys]) -> str:
    """The six digits of everybody, and until when they hold."""
    digits = "   ".join(f"{name} {keys.code()}" for name, keys in everyone.items())
    start = datetime.fromtimestamp(totp.step(datetime.now(UTC)) * totp.SECONDS, UTC).astimezone()
    return f"{digits}   until {start + timedelta(seconds=totp.SECONDS):%H:%M:%S}"
