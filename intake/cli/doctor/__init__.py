"""flask doctor: every unsafe setting in one list."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import click

from intake.cli.doctor import records
from intake.cli.doctor.checks import Facts, Finding, Severity, run
from intake.cli.doctor.table import CHECKS
from intake.security.keyfile import KeySourceError
from intake.security.keys import KeyRing
from intake.store.engine import connect

ENDS = {Severity.DANGEROUS: 2, Severity.WARNING: 1, Severity.INFO: 0}
COLORS = {Severity.DANGEROUS: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


@click.command()
def doctor() -> None:
    """Check every setting that could be unsafe. Ends with 0 when all is well, 1 with warnings, 2 when dangerous."""
    facts = Facts(os.environ, datetime.now(UTC))
    keys = _keys(facts)
    engine = connect(facts.database_url, keys) if records.is_there(facts) else None
    found = run(CHECKS, Facts(os.environ, facts.now, engine, keys, asks=True))
    if engine is not None:
        engine.dispose()
    for finding in found:
        _tell(finding)
    if engine is None:
        click.echo("There is no database yet: nothing in it was checked.")
    if keys is None:
        click.echo("The keys were not opened: whether they fit the database was not checked.")
    sys.exit(max((ENDS[finding.check.severity] for finding in found if finding.sentence), default=0))


def _keys(facts: Facts) -> KeyRing | None:
    """The ring, when it can be had without asking anybody."""
    if facts.provider is None or facts.provider.settings.provider == "passphrase":
        return None
    try:
        return facts.provider.read()
    except KeySourceError:
        return None


def _tell(finding: Finding) -> None:
    check = finding.check
    if finding.sentence is None:
        click.echo(f"{'ok':10} {check.name:16} {check.looks_at}")
        return
    mark = click.style(f"{check.severity.value:10}", fg=COLORS[check.severity], bold=True)
    click.echo(f"{mark} {check.name:16} {finding.sentence}")
