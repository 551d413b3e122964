"""flask keys sheet and recover: the root keys on paper, and back."""

from __future__ import annotations

import click

from intake.cli.keys.group import chosen_anew, keys, noted, wrapped
from intake.config import key_settings
from intake.security import keyfile
from intake.security import sheet as sheets
from intake.security.keys import KeyRing, RootKey
from intake.security.providers import table


@keys.command()
def sheet() -> None:
    """Print the recovery sheet: the root keys as words. Whoever has it and the database can open every record."""
    ring = table.chosen(key_settings()).read()
    noted(ring, "keys.sheet-printed", begins=True)
    click.echo("Fernleaf recovery sheet. Write it down or print it, and keep it away from the database.\n")
    for place, root in enumerate(ring.roots):
        click.echo(f"Root key {root.id}{' (in use)' if place == 0 else ''}")
        for number, line in enumerate(sheets.lines(root), start=1):
            click.echo(f"  {number}  {line}")
        click.echo()


@keys.command()
def recover() -> None:
    """Type in a recovery sheet, key by key, the one in use first, and put the keys where KEY_PROVIDER says."""
    settings = key_settings()
    provider = chosen_anew(settings)
    if provider.exists():
        message = f"There are keys in {provider.where} already: move them away first."
        raise click.ClickException(message)
    roots = [_typed_root("Root key in use")]
    while click.confirm("Is there another root key on the sheet?", default=False):
        roots.append(_typed_root("Next root key"))
    ring = KeyRing(roots[0], tuple(roots[1:]))
    with keyfile.alone(settings.file):
        noted(ring, "keys.recovered")
        provider.write(ring)
    click.echo(f"The root key {roots[0].id} is in {provider.where}.")
    known = {root.id for root in roots}
    for root_id, number in sorted(wrapped().items()):
        click.echo(f"{number:,} data keys hang on {root_id}, which is {'here' if root_id in known else 'MISSING'}.")


def _typed_root(title: str) -> RootKey:
    click.echo(f"{title}: type its four lines.")
    parts: list[str] = []
    while len(parts) < sheets.LINES:
        typed = str(click.prompt(f"  {len(parts) + 1}"))
        try:
            sheets.part(len(parts), typed)
        except sheets.SheetError as problem:
            click.echo(str(problem), err=True)
        else:
            parts.append(typed)
    return sheets.root(tuple(parts))
