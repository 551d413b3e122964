"""The start refuses what is dangerous, each with the sentence of its check."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Flask, request
from flask_babel import gettext as _
from sqlalchemy import Engine

from intake.cli.doctor import records
from intake.cli.doctor.checks import Facts, Finding, Needs, Severity, run
from intake.cli.doctor.table import CHECKS
from intake.config import ConfigError
from intake.security import hardening
from intake.store import migrations

FIRST = tuple(check for check in CHECKS if check.needs is Needs.SETTINGS and check.severity is Severity.DANGEROUS)
ASKED = frozenset({Needs.DATABASE, Needs.SQLITE, Needs.POSTGRESQL})
LATER = tuple(check for check in CHECKS if check.needs in ASKED and check.severity is Severity.DANGEROUS)


def refuse_settings(environ: Mapping[str, str]) -> None:
    """ConfigError with its sentence for the first dangerous setting; nothing is opened or asked for yet."""
    _refuse(run(FIRST, Facts(environ, datetime.now(UTC))))


def refuse_database(app: Flask, environ: Mapping[str, str] = os.environ) -> None:
    """ConfigError with its sentence for the first dangerous thing about a database that is there."""
    engine: Engine = app.extensions["engine"]
    _refuse(run(LATER, Facts(environ, datetime.now(UTC), engine, app.config["KEYS"])))


def _refuse(found: list[Finding]) -> None:
    for finding in found:
        if finding.sentence is not None and finding.checked:
            raise ConfigError(finding.sentence)


def prepare(app: Flask) -> None:
    """Before the first request: refuse what is dangerous, and keep the keys in memory from leaving it.

    A database that does not answer yet is looked at as soon as it does: until then nobody is served.
    """
    hardening.keep_memory_private()
    if is_away(app):
        print(records.UNREACHABLE, file=sys.stderr, flush=True)  # noqa: T201 - whoever started the server looks here
        _look_before_serving(app)
    else:
        refuse_database(app)
    app.extensions["engine"].dispose()  # what was opened here must not be shared by processes that are forked later


def is_away(app: Flask) -> bool:
    """Whether the database does not answer."""
    return migrations.problem(app.extensions["engine"]) == records.AWAY


def _look_before_serving(app: Flask) -> None:
    looked = False

    def look() -> tuple[str, int, dict[str, str]] | None:
        nonlocal looked
        if not looked and request.endpoint != "healthz":
            if is_away(app):
                return _not_yet()
            try:
                refuse_database(app)
            except ConfigError as problem:
                print(problem, file=sys.stderr, flush=True)  # noqa: T201 - as above
                return _not_yet()
            looked = True
        return None

    app.before_request_funcs.setdefault(None, []).insert(0, look)  # before any that asks the database


def _not_yet() -> tuple[str, int, dict[str, str]]:
    headers = {"Retry-After": "10", "Content-Type": "text/plain; charset=utf-8"}
    return _("We are not ready yet. Please try again in a moment."), 503, headers
