"""flask measures: which measures there are, and adding the words of one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from intake.actions import clinicforms
from intake.actions.refusals import NotReadyError
from intake.cli.plain import PlainGroup
from intake.clinical.measures import pack, table
from intake.forms import files
from intake.forms.faults import Fault

measures = PlainGroup("measures", help="Outcome measures, and the words of those that belong to others.")
FILE = click.Path(exists=True, path_type=Path)


@measures.command("list")
def list_() -> None:
    """Name every measure with the number of its items."""
    for each in table.measures().values():
        click.echo(f"{each.id}: {each.label}, items: {len(each.items)}")


@measures.command()
@click.argument("file", type=FILE)
@click.option("--measure", default="", help="Which measure it is, where the file does not say so.")
@click.option("--holder", default="", help="Who holds which permission to use the words.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of the permission.")
def add(file: Path, measure: str, holder: str, until: datetime | None) -> None:
    """Keep the text pack in FILE (TOML, or a Questionnaire of FHIR R4) as a draft for an administrator to publish."""
    given = files.followed(file)
    if isinstance(given, Fault):
        raise click.ClickException(str(given))
    made = pack.form_text(given, pack.Said(measure, holder, until.date() if until else None))
    if isinstance(made, list):
        _refuse(made)
    else:
        _keep(made)


def _keep(text: str) -> None:
    with Session(current_app.extensions["engine"]) as session:
        try:
            row = clinicforms.add(session, text, by=None, now=datetime.now(UTC))
        except NotReadyError as refusal:
            _refuse(list(refusal.reasons))
        else:
            click.echo(f"{row.form} {row.version} is kept as a draft. Look at it on the forms page, and publish it.")


def _refuse(faults: list[Fault]) -> None:
    for fault in faults:
        click.echo(str(fault))
    message = "The pack was not added."
    raise click.ClickException(message)
