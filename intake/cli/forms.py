"""flask forms: looking at the catalog, and adding forms of the clinic."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from intake.actions import clinicforms
from intake.actions.refusals import NotReadyError
from intake.cli.plain import PlainGroup
from intake.clinical import plainness
from intake.forms import checking, files, folders, reader
from intake.forms.checking import Checked
from intake.forms.faults import Fault

forms = PlainGroup("forms", help="The forms: ours, and those of the clinic.")
FORM = click.Path(exists=True, path_type=Path)


@forms.command("list")
def list_() -> None:
    """Name every published form of ours with its version and size."""
    for name, version in reader.published():
        form = reader.load(name, version)
        click.echo(f"{name} {version}: {len(form.sections)} sections, {len(form.by_id)} questions")


@forms.command()
@click.argument("form", type=FORM)
def check(form: Path) -> None:
    """Say everything that is wrong with FORM, a file or a folder, and how to mend it. Ends with 1 when something is."""
    checked = plainness.with_warnings(_checked(form))
    _say(checked.faults)
    if checked.form is None:
        count = sum(not fault.is_warning for fault in checked.faults)
        message = "1 thing has to be mended." if count == 1 else f"{count} things have to be mended."
        raise click.ClickException(message)
    click.echo(f"{checked.form.id} {checked.form.version} is good: {len(checked.form.by_id)} questions.")


def _checked(path: Path) -> Checked:
    if path.is_dir():
        return folders.check(path.resolve())
    given = files.followed(path)
    return Checked(None, (given,), {}) if isinstance(given, Fault) else checking.of_text(given)


def _say(faults: Iterable[Fault]) -> None:
    for fault in faults:
        click.echo(f"{'Could be better: ' if fault.is_warning else ''}{fault}")


@forms.command()
@click.argument("file", type=FORM)
def add(file: Path) -> None:
    """Keep the form in FILE as a draft of the clinic, for an administrator to look at and publish."""
    given = files.followed(file)
    if isinstance(given, Fault):
        raise click.ClickException(str(given))
    with Session(current_app.extensions["engine"]) as session:
        try:
            row = clinicforms.add(session, given, by=None, now=datetime.now(UTC))
        except NotReadyError as refusal:
            _say(refusal.reasons)
            message = "The form was not added."
            raise click.ClickException(message) from None
        click.echo(f"{row.form} {row.version} is kept as a draft. Look at it on the forms page, and publish it there.")
