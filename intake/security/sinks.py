"""Where checkpoints of the audit trail are sent: a list of places that do not hang on the database."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
# As browsers take it (the HTML standard): what can be written into a mail without quotes, groups or comments.
MAILABLE = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
HOST_AND_PORT = re.compile(r"([\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})")
PORTS = {"smtp": 25, "smtps": 465}
SYSTEM_LOG = "/dev/log"


@dataclass(frozen=True, slots=True)
class Sink:
    """A place: kind "file", "syslog" or "mail", and where exactly. `name` is what a receipt calls it."""

    kind: str
    target: str
    name: str


@dataclass(frozen=True, slots=True)
class MailServer:
    """Who takes mail from here; `secure` from the first byte on, otherwise as soon as the server offers it."""

    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    secure: bool = False
    sender: str = "fernleaf@localhost"


def parse(text: str) -> tuple[Sink, ...]:
    """The places of a setting like "file:/path syslog: mail:owner@example.org"; none for "none".

    ValueError says which part will not do.
    """
    found: list[Sink] = []
    for part in text.split() if text.strip() != "none" else ():
        kind, _colon, target = part.partition(":")
        target = target or (SYSTEM_LOG if kind == "syslog" else "")
        fits = FITS.get(kind)
        if fits is None or not fits(target):
            message = f"{part!r} is no place for checkpoints"
            raise ValueError(message)
        same = sum(sink.kind == kind for sink in found)
        found.append(Sink(kind, target, f"{kind} {same + 1}" if same else kind))
    return tuple(found)


def mail_server(url: str, sender: str) -> MailServer:
    """The server of "smtp://user:password@host:port" or "smtps://…"; ValueError when it is no such address."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
        message = f"{parts.scheme!r} is no mail server's address"
        raise ValueError(message)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    secure = parts.scheme == "smtps"
    return MailServer(parts.hostname, parts.port or PORTS[parts.scheme], user, password, secure, sender)


def network_address(target: str) -> tuple[str, int] | None:
    """Host and port of a system log that is reached over the network; None for a socket in the file system."""
    match = HOST_AND_PORT.fullmatch(target)
    return (match[1].strip("[]"), int(match[2])) if match else None


def _is_absolute(target: str) -> bool:
    return Path(target).is_absolute()


FITS: dict[str, Callable[[str], bool]] = {
    "file": _is_absolute,
    "syslog": lambda target: _is_absolute(target) or network_address(target) is not None,
    "mail": lambda target: ADDRESS.fullmatch(target) is not None,
}
