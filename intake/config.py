"""Settings from the environment. A missing or unsafe one stops the start with one sentence."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from intake.security.passwords import Cost

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
SHORTEST_SECRET = 32
HIGHEST_PORT = 65535
MOST_PROXIES = 5
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
GROUP_AND_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class ConfigError(Exception):
    """A setting is missing or unsafe; the message says which and how to mend it."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the app needs to know before it starts."""

    database_url: str
    secret: bytes = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    proxies: int = 0
    password_cost: Cost = field(default_factory=Cost)

    @property
    def is_secure(self) -> bool:
        """Whether people reach it over TLS."""
        return self.public_url.startswith("https://")


def from_environment(environ: Mapping[str, str] = os.environ) -> Config:
    """The settings, checked; ConfigError for the first that will not do."""
    host, port = environ.get("HOST", "127.0.0.1"), _port(environ.get("PORT", "8000"))
    return Config(
        database_url=_database(environ.get("DATABASE_URL", "")),
        secret=_secret(environ),
        host=host,
        port=port,
        public_url=_public_url(environ.get("PUBLIC_URL", ""), host, port),
        proxies=_proxies(environ.get("PROXIES", "0")),
    )


def _port(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= HIGHEST_PORT:
        message = f"PORT is {value!r}: give a number from 1 to 65535."
        raise ConfigError(message)
    return int(value)


def _proxies(value: str) -> int:
    if not value.isdecimal() or int(value) > MOST_PROXIES:
        message = f"PROXIES is {value!r}: give the number of proxies in front of the app, 0 to {MOST_PROXIES}."
        raise ConfigError(message)
    return int(value)


def _database(value: str) -> str:
    value = value or f"sqlite:///{INSTANCE / 'intake.db'}"
    try:
        url = make_url(value)
    except ArgumentError:
        message = "DATABASE_URL is not a database address: use sqlite:///path or postgresql://user@host/name."
        raise ConfigError(message) from None
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        message = f"DATABASE_URL names {url.get_backend_name()}: only sqlite and postgresql are supported."
        raise ConfigError(message)
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        message = "DATABASE_URL names no file: use sqlite:///path, or what patients write is gone with the program."
        raise ConfigError(message)
    return value


def _secret(environ: Mapping[str, str]) -> bytes:
    if value := environ.get("SECRET_KEY"):
        if len(value) < SHORTEST_SECRET:
            message = "SECRET_KEY is too short: give at least 32 random characters."
            raise ConfigError(message)
        return value.encode()
    path = secret_path(environ)
    try:
        mode = path.stat().st_mode
        value = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        message = f"There is no secret key: set SECRET_KEY, or let `make secret` create {path}."
        raise ConfigError(message) from None
    if mode & GROUP_AND_OTHERS:
        message = f"Others can read {path}: run chmod 600 on it."
        raise ConfigError(message)
    if len(value) < SHORTEST_SECRET:
        message = f"The secret key in {path} is too short: delete the file and run `make secret`."
        raise ConfigError(message)
    return value.encode()


def secret_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the secret key file lies: SECRET_KEY_FILE, or instance/secret.key."""
    return Path(environ.get("SECRET_KEY_FILE") or INSTANCE / "secret.key")


def _public_url(value: str, host: str, port: int) -> str:
    if not value:
        if host not in LOOPBACK:
            message = f"HOST is {host}: set PUBLIC_URL to the https address people will use."
            raise ConfigError(message)
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        message = f"PUBLIC_URL is {value!r}: give an address like https://forms.example.org without a path."
        raise ConfigError(message)
    if parts.scheme == "http" and (parts.hostname not in LOOPBACK or host not in LOOPBACK):
        message = "PUBLIC_URL uses plain http beyond this machine: health data needs https."
        raise ConfigError(message)
    return value.rstrip("/")
