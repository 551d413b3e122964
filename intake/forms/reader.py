"""Published forms, read from the TOML files of the catalog (docs/forms.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from intake.forms import parts, rules, shelf
from intake.forms.errors import FormError
from intake.forms.model import Form, Page, Section, Tier

CATALOG = Path(__file__).parent / "catalog"
FORM_KEYS = {
    *("id", "version", "title", "audience", "language", "sections", "based_on", "borrows"),
    *("private_when", "private_behavior"),
}
SECTION_KEYS = {
    *("id", "title", "heading", "tier", "minutes", "print", "intro", "private", "skippable"),
    *("when", "behavior", "quotes", "pages"),
}
PAGE_WORDS = ("title", "intro", "none", "fold", "position", "method", "position_from", "method_from", "instrument")
PAGE_KEYS = {*PAGE_WORDS, "when", "behavior", "questions"}


def load(form_id: str, version: int) -> Form:
    """The published form, of the catalog or of the clinic; FormError when it is missing or wrong."""
    return shelf.find(form_id, version) if shelf.is_of_clinic(form_id) else _ours(form_id, version)


@cache
def _ours(form_id: str, version: int) -> Form:
    return read(CATALOG / form_id / str(version))


@cache
def latest(form_id: str) -> Form:
    """The newest published version of a form."""
    versions = [int(path.name) for path in (CATALOG / form_id).iterdir() if path.name.isdigit()]
    return load(form_id, max(versions))


def published() -> tuple[tuple[str, int], ...]:
    """Every (form, version) of the catalog, in order."""
    found = [(path.parent.parent.name, int(path.parent.name)) for path in CATALOG.glob("*/*/form.toml")]
    return tuple(sorted(found))


def read(folder: Path) -> Form:
    """Read and check the form in a folder."""
    table = _table(folder / "form.toml")
    where = f"{folder.parent.name}/{folder.name}/form.toml"
    parts.refuse_unknown(table, FORM_KEYS, where)
    names = parts.needed(table, "sections", where)
    form = built(table, {name: _named(_file(folder, name, table)) for name in names}, where)
    rules.check(form, where)
    return form


def built(head: Mapping[str, Any], sections: Mapping[str, Mapping[str, Any]], where: str) -> Form:
    """The form that its head and the tables of its sections make, not checked against the rules yet."""
    return Form(
        id=parts.needed(head, "id", where),
        version=parts.needed(head, "version", where),
        title=parts.needed(head, "title", where),
        audience=parts.needed(head, "audience", where),
        language=parts.needed(head, "language", where),
        sections=tuple(_section(name, table) for name, table in sections.items()),
        private_when=parts.when(head, where, key="private"),
        holder=head.get("permission", {}).get("holder", ""),
        until=head.get("permission", {}).get("until"),
    )


def _named(path: Path) -> dict[str, Any]:
    """The table of a section, which says the name of its file."""
    table = _table(path)
    if table.get("id") != path.stem:
        message = f"{path.name}: id is {table.get('id')!r} but the file is called {path.stem!r}"
        raise FormError(message)
    return table


def elsewhere(folder: Path, section: str, head: Mapping[str, Any]) -> dict[str, Any]:
    """The table of a section that an earlier version has, or another form lends."""
    return _named(_file(folder, section, head))


def lent(section: str, name: str, catalog: Path = CATALOG) -> dict[str, Any]:
    """The table of a section that another form of the catalog lends, named as "form/version"."""
    return _named(_lent(catalog / "a-form" / "1", section, name))


def _file(folder: Path, section: str, form: Mapping[str, Any]) -> Path:
    """Where the words of a section are: here, in the earlier version that this one is based on, or in another form."""
    own = folder / f"{section}.toml"
    earlier, lent = form.get("based_on"), form.get("borrows", {}).get(section)
    if lent is not None:
        return _lent(folder, section, str(lent))
    if own.exists() or earlier is None:
        return own
    if not isinstance(earlier, int) or isinstance(earlier, bool) or not 0 < earlier < form["version"]:
        message = f"{folder.parent.name}/{folder.name}/form.toml: based_on is {earlier!r}, which is no earlier version"
        raise FormError(message)
    before = folder.with_name(str(earlier))
    return _file(before, section, _table(before / "form.toml"))


def _lent(folder: Path, section: str, name: str) -> Path:
    """A section of another form, which names it as "form/version"; what that one borrows is not lent on."""
    lender = folder.parents[1] / name
    table = _table(lender / "form.toml") if re.fullmatch(r"[a-z][a-z0-9-]*/[1-9][0-9]*", name) else {}
    if section not in table.get("sections", ()) or section in table.get("borrows", {}):
        message = f"{folder.parent.name}/{folder.name}/form.toml: {name!r} has no section {section!r} to borrow"
        raise FormError(message)
    return _file(lender, section, table)


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = f"{path.name}: the file is missing from {path.parent}"
        raise FormError(message) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        message = f"{path.name}: {problem}"
        raise FormError(message) from problem


def _section(name: str, table: Mapping[str, Any]) -> Section:
    where = f"{name}.toml"
    parts.refuse_unknown(table, SECTION_KEYS, where)
    tier = parts.enum(Tier, table.get("tier"), f"{where}: tier")
    return Section(
        id=name,
        title=parts.needed(table, "title", where),
        heading=table.get("heading", table["title"]),
        tier=tier,
        pages=tuple(_page(page, tier, where) for page in parts.needed(table, "pages", where)),
        intro=table.get("intro", ""),
        minutes=table.get("minutes", 2),
        private=table.get("private", False),
        skippable=table.get("skippable", False),
        when=parts.when(table, where),
        print=table.get("print", table["title"]),
        quotes=tuple(table.get("quotes", ())),
    )


def _page(table: Mapping[str, Any], tier: Tier, where: str) -> Page:
    parts.refuse_unknown(table, PAGE_KEYS, where)
    return Page(
        **{key: table.get(key, "") for key in PAGE_WORDS},
        when=parts.when(table, where),
        questions=tuple(parts.question(entry, tier, where) for entry in table.get("questions", ())),
    )
