"""What the doctor finds out about settings and the machine, without asking the database."""

from __future__ import annotations

import shutil
import stat
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from sqlalchemy import make_url

from intake.cli.doctor.checks import Facts, UncheckedError
from intake.config import (
    LOOPBACK,
    ConfigError,
    audit_sinks,
    check_settings,
    check_web,
    data_folder,
    database_address,
    key_settings,
    mail_server,
    proxies,
)
from intake.security import hardening, mounts
from intake.security.providers.files import InFile
from intake.security.providers.table import PROVIDERS

T = TypeVar("T")
OTHERS = stat.S_IRWXG | stat.S_IRWXO
CHECKED_LINKS = frozenset({"verify-full", "verify-ca"})
PATIENCE = 3  # seconds


def settings(facts: Facts) -> str | None:
    """PORT, DATABASE_URL, FERNLEAF_ENV, PROXIES, AUDIT_SINKS, SMTP_URL."""
    return _said(check_settings, facts.environ)


def plain_http(facts: Facts) -> str | None:
    """HOST and PUBLIC_URL."""
    return _said(check_web, facts.environ)


def proxy_count(facts: Facts) -> str | None:
    """Whether the app knows how many proxies stand in front of it: limits count by the visitor's address."""
    number, web = _known(proxies, facts), _known(check_web, facts)
    encrypted = web[2].startswith("https://")
    if encrypted and number == 0:
        return (
            "PROXIES is 0, but a proxy ends https: everybody seems to come from one address and shares its limits, so "
            "set PROXIES to the number of proxies in front of the app."
        )
    if not encrypted and number > 0:
        return f"PROXIES is {number}, but nothing stands in front: visitors could pretend any address, so set it to 0."
    return None


def reached(facts: Facts) -> str | None:
    """Whether the public address answers; before real patients are served, what is wrong with it is told here."""
    _known(check_web, facts)
    return facts.outside.unreachable or (None if facts.production else facts.outside.unsafe)


def tls(facts: Facts) -> str | None:
    """Whether browsers can trust the public address."""
    _known(check_web, facts)
    if facts.production and facts.outside.unreachable:
        message = "The public address was not reached, so its certificate was not seen."
        raise UncheckedError(message)
    return facts.outside.unsafe if facts.production else None


def mail_link(facts: Facts) -> str | None:
    """Whether the password for the mail server may travel in the open."""
    found = _known(mail_server, facts)
    if not found.password or found.secure or found.host in LOOPBACK:
        return None
    return f"The password for {found.host} in SMTP_URL may travel in the open: use smtps://."


def mail_set_up(facts: Facts) -> str | None:
    """Whether anybody said which mail server takes mail."""
    if not facts.production or facts.environ.get("SMTP_URL"):
        return None
    return (
        "SMTP_URL is not set, so reminders go to port 25 of this machine, where often nobody listens: name the "
        "clinic's mail server, and in MAIL_FROM the address mail comes from."
    )


def _known(read: Callable[[Mapping[str, str]], T], facts: Facts) -> T:
    """A setting; UncheckedError when it will not do."""
    try:
        return read(facts.environ)
    except ConfigError as problem:
        raise UncheckedError(str(problem)) from None


def _said(check: Callable[[Mapping[str, str]], object], environ: Mapping[str, str]) -> str | None:
    try:
        check(environ)
    except ConfigError as problem:
        return str(problem)
    return None


def debug(facts: Facts) -> str | None:
    """Flask's debugger."""
    if facts.environ.get("FLASK_DEBUG", "").lower() in {"", "0", "false", "no"}:
        return None
    return "FLASK_DEBUG is on: its pages show records and run code for anybody, so take it out of the environment."


def key_source(facts: Facts) -> str | None:
    """Whether the provider may be used here at all."""
    known = _known(key_settings, facts)
    if facts.provider is None:
        return f"KEY_PROVIDER is {known.provider!r}: use {', '.join(PROVIDERS)}."
    return None if isinstance(facts.provider, InFile) else facts.provider.problem() or facts.unopened


def key_file(facts: Facts) -> str | None:
    """Rights, owner and place of the key file, and whether it opens."""
    if facts.provider is None:
        message = "The settings do not say where the keys are."
        raise UncheckedError(message)
    return facts.provider.problem() or facts.unopened if isinstance(facts.provider, InFile) else None


def same_disk(facts: Facts) -> str | None:
    """Whether one stolen disk holds both the bare key and the records."""
    known = _known(key_settings, facts)
    if known.provider != "file" or known.data is None or not known.file.exists():
        return None
    if not known.data.exists() or known.file.stat().st_dev != known.data.stat().st_dev:
        return None
    if mounts.is_seen_encrypted(known.file):
        return None
    return (
        "The key file and the database are on one disk that is not seen to be encrypted: whoever takes it has both, so "
        "encrypt the disk, or run `flask keys init passphrase`."
    )


def database_file(facts: Facts) -> str | None:
    """Rights of the SQLite file and its logs."""
    path = _database_path(facts)
    if path is None:
        return None
    there = [each for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))) if each.exists()]
    loose = [str(each) for each in there if each.stat().st_mode & OTHERS]
    return f"Others can read {', '.join(loose)}: run chmod 600 on it." if loose else None


def database_folder(facts: Facts) -> str | None:
    """Rights of the folder the SQLite file lies in."""
    path = _database_path(facts)
    if path is None or not path.parent.exists() or not path.parent.stat().st_mode & OTHERS:
        return None
    return f"Others can look into the data folder {path.parent}: run chmod 700 on it."


def _database_path(facts: Facts) -> Path | None:
    url = make_url(_known(database_address, facts))
    folder = data_folder(url)
    return None if folder is None else folder / Path(url.database or "").name


def database_link(facts: Facts) -> str | None:
    """Whether the way to PostgreSQL is encrypted and leads to the right server."""
    url = make_url(_known(database_address, facts))
    host = url.host or str(url.query.get("host", ""))
    if url.get_backend_name() != "postgresql" or host in LOOPBACK | {""} or host.startswith("/"):
        return None
    if url.query.get("sslmode") in CHECKED_LINKS or facts.environ.get("PGSSLMODE") in CHECKED_LINKS:
        return None
    return f"The connection to PostgreSQL on {host} may be plain: add ?sslmode=verify-full to DATABASE_URL."


def database_elsewhere(facts: Facts) -> str | None:
    """The same where real patients are served: there it stops the start."""
    return database_link(facts) if facts.production else None


def clock_is_set(_facts: Facts) -> str | None:
    """Whether the clock is kept right by the network, as timedatectl tells."""
    unseen = "Nothing here tells whether the network keeps the clock right: see to it on the machine below."
    program = shutil.which("timedatectl")
    if program is None:
        raise UncheckedError(unseen)
    asked = [program, "show", "--property=NTPSynchronized", "--value"]
    try:
        done = subprocess.run(  # noqa: S603 - the system's own program, with fixed arguments
            asked, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise UncheckedError(unseen) from None
    if done.stdout.strip() != "no":
        return None
    return "The clock is not kept right by the network: run timedatectl set-ntp true."


def core_dumps(_facts: Facts) -> str | None:
    """Whether programs of this account leave their memory on the disk when they crash."""
    if hardening.core_limit() == 0:
        return None
    return (
        "Core dumps are on here: `flask serve` and wsgi switch them off for themselves, for the rest use ulimit -c 0."
    )


def swap(_facts: Facts) -> str | None:
    """Whether memory, keys included, can be written to a plain disk."""
    if not (plain := mounts.plain_swap()):
        return None
    return f"Memory can be written to {', '.join(plain)}, not seen to be encrypted: encrypt the swap or switch it off."


def checkpoint_sink(facts: Facts) -> str | None:
    """Whether any of the audit trail's checkpoints leave the disk the database is on."""
    found, path = _known(audit_sinks, facts), _database_path(facts)
    if found == () and facts.production:
        return (
            "AUDIT_SINKS is none: whoever can write to the database could put back an older audit trail unseen, so "
            "name a place outside it, such as mail:owner@example.org."
        )
    if not found or path is None or any(sink.kind != "file" for sink in found):
        return None
    here = _device(path.parent)
    if here is None or any(_device(Path(sink.target).parent) != here for sink in found):
        return None
    return (
        "All checkpoints of the audit trail are on the disk of the database: add another place to AUDIT_SINKS, such as "
        "mail:owner@example.org."
    )


def _device(folder: Path) -> int | None:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return there.stat().st_dev if there != Path("/") else None
