"""Every check of the doctor in one table: what it looks at, how bad it is, and how to mend what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from sqlalchemy import Engine

from intake.cli.doctor import outside
from intake.config import ConfigError, check_web, database_address, is_production, key_settings
from intake.security.keyfile import KeySourceError
from intake.security.keys import KeyRing
from intake.security.providers import table
from intake.security.providers.settings import Settings

OK, UNCHECKED = "ok", "not checked"


class UncheckedError(Exception):
    """A check could not be made; the message says why, in one sentence."""


class Severity(StrEnum):
    """How bad a finding is. A dangerous one stops the start."""

    DANGEROUS = "dangerous"
    WARNING = "warning"
    INFO = "info"


class Needs(StrEnum):
    """What a check looks at: the settings and the machine alone, any database or one of a kind, or the way there.

    TIME is a database that is read from its beginning to its end, for which a start does not wait.
    """

    SETTINGS = "settings"
    DATABASE = "database"
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    NETWORK = "network"
    TIME = "time"


@dataclass(frozen=True)
class Facts:
    """What checks look at. `keys` is the ring when it is open; `engine` None while no database is to be asked.

    `unopened` says why the ring could not be opened; None also while nobody has tried. `asks` says whether the network
    may be asked and what takes long may be looked at; a start never does.
    """

    environ: Mapping[str, str]
    now: datetime
    engine: Engine | None = None
    keys: KeyRing | None = None
    unopened: str | None = None
    asks: bool = False

    @cached_property
    def settings(self) -> Settings | None:
        """What the environment says about keys; None when it cannot be read."""
        try:
            return key_settings(self.environ)
        except ConfigError:
            return None

    @cached_property
    def provider(self) -> table.Provider | None:
        """The provider it names; None when there is none of that name."""
        try:
            return table.chosen(self.settings) if self.settings else None
        except KeySourceError:
            return None

    @property
    def production(self) -> bool:
        """Whether real patients are served."""
        try:
            return is_production(self.environ)
        except ConfigError:
            return True

    @cached_property
    def outside(self) -> outside.Answer:
        """What the public address answers with."""
        try:
            return outside.look(check_web(self.environ)[2])
        except ConfigError:
            return outside.Answer()

    @property
    def database_url(self) -> str:
        """The address of the database, "" when it will not do."""
        try:
            return database_address(self.environ)
        except ConfigError:
            return ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the doctor looks at.

    `find` gives the sentence that says what is wrong and how to mend it, or None; UncheckedError when it cannot look.
    """

    name: str
    looks_at: str
    severity: Severity
    needs: Needs
    find: Callable[[Facts], str | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """A check, and what it found: None when all is well. Or it was not made, and the sentence says why."""

    check: Check
    sentence: str | None
    checked: bool = True

    @property
    def state(self) -> str:
        """In a word or two."""
        if not self.checked:
            return UNCHECKED
        return self.check.severity if self.sentence else OK


def run(checks: tuple[Check, ...], facts: Facts) -> list[Finding]:
    """Every check that can be made with these facts."""
    there = {Needs.SETTINGS}
    if facts.engine is not None:
        there |= {Needs.DATABASE, Needs(facts.engine.dialect.name)}
    if facts.asks:
        there |= {Needs.NETWORK} | ({Needs.TIME} if facts.engine is not None else set())
    return [_found(check, facts) for check in checks if check.needs in there]


def _found(check: Check, facts: Facts) -> Finding:
    try:
        return Finding(check, check.find(facts))
    except UncheckedError as problem:
        return Finding(check, str(problem), checked=False)
