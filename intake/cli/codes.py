"""flask codes: loading the full diagnoses of a year, the clinic's procedures, and its payers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from intake.actions import codes as acts
from intake.cli.plain import PlainGroup
from intake.clinical.coding import files
from intake.clinical.coding.codes import ALWAYS
from intake.clinical.coding.files import Loaded
from intake.store import codes as stored

LARGEST = 30_000_000  # bytes: the order file of a year has some 15 million
codes = PlainGroup("codes", help="Lists of codes: diagnoses, procedures, payers.")
DAY = click.DateTime(["%Y-%m-%d"])


@codes.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--procedures", "kind", flag_value=stored.PROCEDURE, help="FILE is a table: code,label,timed,fee.")
@click.option("--payers", "kind", flag_value=stored.PAYER, help="FILE is a table: payer,rule (cms or ama),valid_from.")
@click.option("--from", "since", type=DAY, help="The first day of service of a full set of diagnoses.")
@click.option("--to", "until", type=DAY, help="Its last day; without it, until another set begins.")
def import_(file: Path, kind: str | None, since: datetime | None, until: datetime | None) -> None:
    """Load FILE: the order file of ICD-10-CM from CMS (or code,title,billable), or a list of the clinic's own.

    Nothing is taken from a file with a fault; each one is named with its line.
    """
    loaded = _read(_text(file), kind or stored.DIAGNOSIS, since, until)
    if loaded.faults:
        for fault in loaded.faults:
            click.echo(str(fault))
        message = "Nothing was loaded."
        raise click.ClickException(message)
    with Session(current_app.extensions["engine"]) as session:
        acts.load(session, kind or stored.DIAGNOSIS, loaded.codes, by=None, now=datetime.now(UTC))
    click.echo(f"{len(loaded.codes)} loaded.")


def _text(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        message = f"The file is larger than {LARGEST} bytes: it is no list of codes."
        raise click.ClickException(message)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "The file is not saved as UTF-8. Save it as UTF-8, and try again."
        raise click.ClickException(message) from None


def _read(text: str, kind: str, since: datetime | None, until: datetime | None) -> Loaded:
    today = datetime.now(UTC).date()
    if kind == stored.PROCEDURE:
        return files.procedures(text, today=today)
    if kind == stored.PAYER:
        return files.payers(text)
    if since is None:
        message = "Say from which day of service the set stands, such as --from 2026-10-01."
        raise click.ClickException(message)
    first, last = since.date(), until.date() if until else None
    if last is not None and last < first:
        message = "The last day is before the first one."
        raise click.ClickException(message)
    return files.diagnoses(text, valid_from=first, valid_to=last)


@codes.command("list")
def list_() -> None:
    """Say which lists there are, and how long they stand."""
    with Session(current_app.extensions["engine"]) as session:
        for since, until, count in stored.releases(session):
            click.echo(f"diagnoses from {since}{_until(until)}: {count}")
        for kind in (stored.PROCEDURE, stored.PAYER):
            for row in stored.of_kind(session, kind):
                click.echo(f"{kind} {row.code}: {row.title}, {_from(row.valid_from)}{_until(row.valid_to)}")


def _from(day: date) -> str:
    return "always" if day == ALWAYS else f"from {day}"


def _until(day: date | None) -> str:
    return f" to {day}" if day else ""
