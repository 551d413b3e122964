"""Settings from the environment. A missing or unsafe one stops the start with one sentence."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from intake.security import ledger, sinks
from intake.security.keyfile import KeySourceError
from intake.security.keys import KeyRing
from intake.security.passwords import Cost
from intake.security.places import key_file, key_name
from intake.security.providers import table
from intake.security.providers.settings import Settings
from intake.security.sinks import MailServer, Sink

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
HIGHEST_PORT = 65535
MOST_PROXIES = 5
PRODUCTION = "production"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ConfigError(Exception):
    """A setting is missing or unsafe; the message says which and how to mend it."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the app needs to know before it starts."""

    database_url: str
    keys: KeyRing = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    production: bool = False
    proxies: int = 0
    password_cost: Cost = field(default_factory=Cost)
    audit_sinks: tuple[Sink, ...] = ()
    mail_server: MailServer = field(default_factory=MailServer)

    @property
    def is_secure(self) -> bool:
        """Whether people reach it over TLS."""
        return self.public_url.startswith("https://")


def from_environment(environ: Mapping[str, str] = os.environ) -> Config:
    """The settings, checked; ConfigError for the first that will not do. A passphrase is asked for last."""
    check_settings(environ)
    host, port, public_url = check_web(environ)
    return Config(
        database_url=database_address(environ),
        keys=_keys(environ),
        host=host,
        port=port,
        public_url=public_url,
        production=is_production(environ),
        proxies=proxies(environ),
        audit_sinks=audit_sinks(environ),
        mail_server=mail_server(environ, public_url),
    )


def check_settings(environ: Mapping[str, str]) -> None:
    """ConfigError for a setting of the web, the database, checkpoints or mail that will not do."""
    _port(environ.get("PORT", "8000"))
    for check in (database_address, is_production, proxies, audit_sinks, mail_server):
        check(environ)


def check_web(environ: Mapping[str, str]) -> tuple[str, int, str]:
    """(HOST, PORT, PUBLIC_URL); ConfigError when health data would travel in the open."""
    host, port = environ.get("HOST", "127.0.0.1"), _port(environ.get("PORT", "8000"))
    public_url = _public_url(environ.get("PUBLIC_URL", ""), host, port)
    if environ.get("FERNLEAF_ENV") == PRODUCTION and not public_url.startswith("https://"):
        message = "FERNLEAF_ENV is production, but PUBLIC_URL is no https address: set it to the one people use."
        raise ConfigError(message)
    return host, port, public_url


def _port(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= HIGHEST_PORT:
        message = f"PORT is {value!r}: give a number from 1 to 65535."
        raise ConfigError(message)
    return int(value)


def proxies(environ: Mapping[str, str] = os.environ) -> int:
    """How many proxies stand in front of the app; ConfigError for no such number."""
    value = environ.get("PROXIES") or "0"
    if not value.isdecimal() or int(value) > MOST_PROXIES:
        message = f"PROXIES is {value!r}: give the number of proxies in front of the app, 0 to {MOST_PROXIES}."
        raise ConfigError(message)
    return int(value)


def database_address(environ: Mapping[str, str] = os.environ) -> str:
    """Where the records are; ConfigError for an address that will not do."""
    value = environ.get("DATABASE_URL") or f"sqlite:///{INSTANCE / 'intake.db'}"
    try:
        url = make_url(value)
    except ArgumentError:
        message = "DATABASE_URL is not a database address: use sqlite:///path or postgresql://user@host/name."
        raise ConfigError(message) from None
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        message = f"DATABASE_URL names {url.get_backend_name()}: only sqlite and postgresql are supported."
        raise ConfigError(message)
    if url.get_backend_name() == "sqlite" and (url.query or str(url.database).startswith("file:")):
        message = "DATABASE_URL names an SQLite file with options or as file:…, use sqlite:///path and nothing more."
        raise ConfigError(message)
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        message = "DATABASE_URL names no file: use sqlite:///path, or what patients write is gone with the program."
        raise ConfigError(message)
    return value


def key_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """What the environment says about keys; nothing is opened or asked for yet."""
    database = make_url(database_address(environ))
    data = data_folder(database)
    provider = environ.get("KEY_PROVIDER") or "file"
    name = key_name(str(data / Path(database.database or "").name) if data else str(database), provider)
    standard = key_file(name, data=data, code=ROOT, environ=environ)
    file = _path(environ.get("KEY_FILE")) or standard
    return Settings(
        provider=provider,
        file=file,
        socket=_path(environ.get("KEY_SOCKET")) or file.with_name(f"{file.stem}.sock"),
        ledger=_path(environ.get("SHRED_LEDGER")) or file.with_name(ledger.NAME),
        data=data,
        production=is_production(environ),
        root=environ.get("KEY_ROOT", ""),
        root_file=_path(environ.get("KEY_ROOT_FILE")),
        credentials=_path(environ.get("CREDENTIALS_DIRECTORY")),
        credential=environ.get("KEY_CREDENTIAL") or "fernleaf-root",
        kms=environ.get("KMS") or "vault",
        vault_address=environ.get("VAULT_ADDR", ""),
        vault_token=environ.get("VAULT_TOKEN", ""),
        vault_token_file=_path(environ.get("VAULT_TOKEN_FILE")),
        vault_key=environ.get("VAULT_TRANSIT_KEY") or "fernleaf",
        vault_mount=environ.get("VAULT_TRANSIT_MOUNT") or "transit",
    )


def is_production(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether real patients are served from here; ConfigError for a word nobody knows."""
    value = environ.get("FERNLEAF_ENV") or "development"
    if value not in {"development", PRODUCTION}:
        message = f"FERNLEAF_ENV is {value!r}: use production where real patients are served, or leave it out."
        raise ConfigError(message)
    return value == PRODUCTION


def data_folder(url: URL) -> Path | None:
    """The folder of an SQLite file; None for a database elsewhere."""
    return Path(url.database or "").resolve().parent if url.get_backend_name() == "sqlite" else None


def _keys(environ: Mapping[str, str]) -> KeyRing:
    try:
        return table.ring(key_settings(environ))
    except KeySourceError as problem:
        raise ConfigError(str(problem)) from None


def _path(value: str | None) -> Path | None:
    return Path(value) if value else None


def audit_sinks(environ: Mapping[str, str] = os.environ) -> tuple[Sink, ...]:
    """Where checkpoints go: by default to the user's own state folder, which a copy of the data folder leaves alone.

    ConfigError for no such place, and for one that would be copied and put back together with the database.
    """
    state = Path(environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    try:
        found = sinks.parse(environ.get("AUDIT_SINKS") or f"file:{state / 'fernleaf' / 'checkpoints'}")
    except ValueError as problem:
        message = f"AUDIT_SINKS will not do, {problem}: give file:/path, syslog: or mail:address, or none."
        raise ConfigError(message) from None
    data = data_folder(make_url(database_address(environ)))
    if any(sink.kind == "file" and data in Path(sink.target).resolve().parents for sink in found):
        message = "AUDIT_SINKS names a file beside the database: who puts back an old folder would put back both."
        raise ConfigError(message)
    return found


def mail_server(environ: Mapping[str, str] = os.environ, public_url: str = "") -> MailServer:
    """Who takes mail from here, and the address it comes from; ConfigError for no such address."""
    sender = environ.get("MAIL_FROM") or f"fernleaf@{urlsplit(public_url).hostname or 'localhost'}"
    if not sinks.MAILABLE.fullmatch(sender):
        message = f"MAIL_FROM is {sender!r}: give the address mail comes from, like office@example.org."
        raise ConfigError(message)
    try:
        return sinks.mail_server(environ.get("SMTP_URL") or "smtp://localhost:25", sender)
    except ValueError:
        message = "SMTP_URL is no mail server: give smtp://host:25 or smtps://user:password@host:465."
        raise ConfigError(message) from None


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
