"""The start refuses what is dangerous, each with the sentence of its check."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import Engine

from intake.cli.doctor.checks import Facts, Finding, Needs, Severity, run
from intake.cli.doctor.table import CHECKS
from intake.config import ConfigError
from intake.security import hardening

FIRST = tuple(check for check in CHECKS if check.needs is Needs.SETTINGS and check.severity is Severity.DANGEROUS)
LATER = tuple(check for check in CHECKS if check.needs is not Needs.SETTINGS and check.severity is Severity.DANGEROUS)


def refuse_settings(environ: Mapping[str, str]) -> None:
    """ConfigError with its sentence for the first dangerous setting; nothing is opened or asked for yet."""
    _refuse(run(FIRST, Facts(environ, datetime.now(UTC))))


def refuse_database(app: Flask, environ: Mapping[str, str] = os.environ) -> None:
    """ConfigError with its sentence for the first dangerous thing about a database that is there."""
    engine: Engine = app.extensions["engine"]
    _refuse(run(LATER, Facts(environ, datetime.now(UTC), engine, app.config["KEYS"])))


def _refuse(found: list[Finding]) -> None:
    for finding in found:
        if finding.sentence is not None:
            raise ConfigError(finding.sentence)


def prepare(app: Flask) -> None:
    """Before the first request: refuse what is dangerous, and keep the keys in memory from leaving it."""
    refuse_database(app)
    hardening.keep_memory_private()
