"""flask forms: looking at the catalog."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from intake.forms import reader
from intake.forms.errors import FormError

forms = AppGroup("forms", help="The published forms.")


@forms.command("list")
def list_() -> None:
    """Name every published form with its version and size."""
    for name, version in reader.published():
        form = reader.load(name, version)
        click.echo(f"{name} {version}: {len(form.sections)} sections, {len(form.by_id)} questions")


@forms.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(folder: Path) -> None:
    """Say whether the form in FOLDER can be used, and if not, what to mend."""
    try:
        form = reader.read(folder.resolve())
    except FormError as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{form.id} {form.version} is good: {len(form.by_id)} questions.")
