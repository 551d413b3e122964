"""flask forms paper: a blank form to print, for a day without power or a patient with a pen."""

from __future__ import annotations

import click

from intake.forms import paper as asking
from intake.forms import reader
from intake.pdf.model import Clinic, PaperForm
from intake.pdf.press import press


@click.command()
@click.argument("form")
@click.option("--paper", "size", type=click.Choice(("letter", "a4")), default="letter", help="The size of the sheets.")
@click.option("--clinic", default="", help="The name of the clinic.")
@click.option("--phone", default="", help="The number for questions.")
def paper(form: str, size: str, clinic: str, phone: str) -> None:
    """Write the newest version of FORM as a blank PDF to standard output."""
    known = dict.fromkeys(name for name, _version in reader.published())
    printable = [name for name in known if asking.is_printable(reader.latest(name))]
    if form not in printable:
        message = f"There is no form {form!r} to put on paper. There are: {', '.join(printable)}."
        raise click.ClickException(message)
    found = reader.latest(form)
    head = Clinic(name=clinic, phone=phone, emergency="911", crisis="988")
    from intake.pdf.words import missing_glyphs  # noqa: PLC0415 - ReportLab costs 0.1 s, paid only when something is printed

    if lost := missing_glyphs(f"{clinic} {phone}"):
        click.echo(f"These letters cannot be printed and come out as [?]: {' '.join(lost)}", err=True)
    sheet = PaperForm(head, found.title, found.version, asking.parts(found), asking.has_agreements(found))
    click.echo(press.print(sheet, paper="a4" if size == "a4" else "letter"), nl=False)
