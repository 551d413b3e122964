"""Every check of the doctor in one table: what it looks at, how bad it is, and how to mend what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from sqlalchemy import Engine

from intake.config import ConfigError, database_address, is_production, key_settings
from intake.security.keyfile import KeySourceError
from intake.security.keys import KeyRing
from intake.security.providers import table
from intake.security.providers.settings import Settings


class Severity(StrEnum):
    """How bad a finding is. A dangerous one stops the start."""

    DANGEROUS = "dangerous"
    WARNING = "warning"
    INFO = "info"


class Needs(StrEnum):
    """What a check looks at: the settings and the machine alone, or any database, or one of a kind."""

    SETTINGS = "settings"
    DATABASE = "database"
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True)
class Facts:
    """What checks look at. `keys` is the ring when it is open; `engine` None while no database is to be asked."""

    environ: Mapping[str, str]
    now: datetime
    engine: Engine | None = None
    keys: KeyRing | None = None

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

    @property
    def database_url(self) -> str:
        """The address of the database, "" when it will not do."""
        try:
            return database_address(self.environ)
        except ConfigError:
            return ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the doctor looks at. `find` gives the sentence that says what is wrong and how to mend it, or None."""

    name: str
    looks_at: str
    severity: Severity
    needs: Needs
    find: Callable[[Facts], str | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """A check, and what it found; None when all is well."""

    check: Check
    sentence: str | None


def run(checks: tuple[Check, ...], facts: Facts) -> list[Finding]:
    """Every check that can be made with these facts."""
    there = {Needs.SETTINGS}
    if facts.engine is not None:
        there |= {Needs.DATABASE, Needs(facts.engine.dialect.name)}
    return [Finding(check, check.find(facts)) for check in checks if check.needs in there]
