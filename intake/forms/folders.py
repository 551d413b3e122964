"""A form of many files, as the catalog has them, looked at whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from intake.forms import checking, files, ours, reader, shapes, shelf
from intake.forms.checking import Checked
from intake.forms.errors import FormError
from intake.forms.faults import Fault, shown
from intake.forms.problems import N_
from intake.forms.shapes import Shaped, Table

HEAD = "form.toml"


def check(folder: Path) -> Checked:
    """Everything wrong with the form in a folder. No link is followed, and no file is looked for elsewhere."""
    table = _table(folder / HEAD)
    if isinstance(table, Fault):
        return Checked(None, (table,), {})
    shaped = Shaped()
    head = shapes.head(table, shaped, numbered=True)
    of_clinic = shelf.is_of_clinic(head.get("id", ""))
    if of_clinic:
        shaped.faults += ours.head(head)
    sections = {name: _section(folder, name, head, shaped) for name in head["sections"]}
    for path in sorted(folder.glob("*.toml")):
        if path.name != HEAD and path.stem not in sections:
            text = N_("nothing names this file. Add it to `sections`, or take it away.")
            shaped.faults.append(Fault(path.name, text, is_warning=True))
    return checking.checked(head, sections, shaped, list(sections) if of_clinic else [])


def _table(path: Path) -> dict[str, Any] | Fault:
    text = files.text(path)
    return files.table(text, path.name) if isinstance(text, str) else text


def _section(folder: Path, name: str, head: Table, shaped: Shaped) -> dict[str, Any] | None:
    found = _found(folder, name, head)
    if isinstance(found, Fault):
        shaped.faults.append(found)
        shaped.ids_missing = True
        return None
    if found.get("id") != name:
        text = N_("id is %(id)s but the file is called %(name)s. Make them the same.")
        shaped.say(f"{name}.toml", text, id=shown(found.get("id")), name=name)
    return shapes.section(name, found, shaped)


def _found(folder: Path, name: str, head: Table) -> dict[str, Any] | Fault:
    """The table of a section: in its own file, in an earlier version, or in another form."""
    path = folder / f"{name}.toml"
    here = path.exists() or path.is_symlink()
    if name not in head["borrows"] and (here or "based_on" not in head):
        return _table(path)
    try:
        return reader.elsewhere(folder, name, head)
    except FormError as wrong:
        return Fault(name, N_("%(wrong)s. Correct based_on or borrows."), {"wrong": str(wrong)})
