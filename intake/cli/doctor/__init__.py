"""flask doctor: every unsafe setting in one list."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import click

from intake.cli.doctor import records
from intake.cli.doctor.checks import OK, UNCHECKED, Facts, Finding, Severity, run
from intake.cli.doctor.table import CHECKS
from intake.security.keyfile import KeySourceError
from intake.security.keys import KeyRing
from intake.store.engine import connect

ENDS = {Severity.DANGEROUS: 2, Severity.WARNING: 1, UNCHECKED: 1, Severity.INFO: 0, OK: 0}
COLORS = {Severity.DANGEROUS: "red", Severity.WARNING: "yellow", UNCHECKED: "yellow", Severity.INFO: "cyan"}


@click.command()
def doctor() -> None:
    """Check every setting that could be unsafe. Ends with 0 when all is well, 1 with warnings, 2 when dangerous.

    What could not be checked counts as a warning.
    """
    facts = Facts(os.environ, datetime.now(UTC))
    keys, unopened = _keys(facts)
    engine = connect(facts.database_url, keys) if records.is_there(facts) else None
    found = run(CHECKS, Facts(os.environ, facts.now, engine, keys, unopened, asks=True))
    if engine is not None:
        engine.dispose()
    for finding in found:
        _tell(finding)
    if engine is None:
        click.echo("There is no database yet: nothing in it was checked.")
    sys.exit(max(ENDS[finding.state] for finding in found))


def _keys(facts: Facts) -> tuple[KeyRing | None, str | None]:
    """The ring, when it can be had without asking anybody; or why it cannot be opened."""
    if facts.provider is None or facts.provider.settings.provider == "passphrase":
        return None, None
    try:
        return facts.provider.read(), None
    except KeySourceError as problem:
        return None, str(problem)


def _tell(finding: Finding) -> None:
    mark = f"{finding.state:11}"
    if finding.state in COLORS:
        mark = click.style(mark, fg=COLORS[finding.state], bold=True)
    click.echo(f"{mark} {finding.check.name:16} {finding.sentence or finding.check.looks_at}")
