"""A form file, looked at whole: everything wrong with it in one list, and the form when nothing is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intake.forms import files, kindkeys, lookbacks, ours, reader, rules, shapes
from intake.forms.errors import FormError
from intake.forms.faults import Fault, shown, within
from intake.forms.model import Form
from intake.forms.problems import N_
from intake.forms.shapes import Shaped, Table
from intake.forms.shelf import is_of_clinic

FIRST = 1
NOTHING = {"id": "?", "version": FIRST, "title": "?", "audience": "patient", "language": "en-US"}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file came to. `form` is None while more than warnings was found; `head` is what could be read of it."""

    form: Form | None
    faults: tuple[Fault, ...]
    head: Mapping[str, Any]


def of_text(text: str, version: int | None = None) -> Checked:
    """The form of a clinic, whole in one file: its sections stand in tables, [section.about-you].

    `version` is the one it will have; else the file says which, or it is the first.
    """
    table = files.table(files.plain(text), "")
    if isinstance(table, Fault):
        return Checked(None, (table,), {})
    written = table.pop("section", {})
    shaped = Shaped()
    head = shapes.head(table, shaped, numbered=False)
    shaped.faults += ours.head(head)
    if not isinstance(written, dict):
        shaped.say("", N_("section is not a table. Begin each section with [section.its-name]."))
        written = {}
    head["sections"] = head["sections"] or [name for name in written if shapes.NAME.fullmatch(name)]
    for name in written:
        if name not in head["sections"]:
            shaped.say(
                shown(name).strip("'"), N_("the section is not named in `sections`. Add it there, or take it away.")
            )
    sections = {name: _own(name, head, written, shaped) for name in head["sections"]}
    head["version"] = version or head.get("version", FIRST)
    return checked(head, sections, shaped, own=[name for name in sections if name in written])


def _own(name: str, head: Table, written: Table, shaped: Shaped) -> dict[str, Any] | None:
    """The table of a section: borrowed, or in the file."""
    if name in head["borrows"] and name in written:
        shaped.say(name, N_("the section is borrowed and written here too. Keep one of the two."))
    if name in written:
        return shapes.section(name, written[name], shaped)
    if name in head["borrows"]:
        return _lent(name, head["borrows"][name], shaped)
    shaped.say(name, N_("the section is missing. Add [section.%(name)s], or take its name away."), name=name)
    shaped.ids_missing = True
    return None


def _lent(name: str, source: str, shaped: Shaped) -> dict[str, Any] | None:
    try:
        return reader.lent(name, source)
    except FormError:
        shaped.say(
            name,
            N_("%(source)s has no section %(name)s to borrow. Correct one of the two."),
            source=shown(source),
            name=name,
        )
        shaped.ids_missing = True
        return None


def as_published(text: str, version: int) -> Form:
    """The form of a text that was good when it was published, whatever has become of the rules since then."""
    table = files.table(text, "")
    if isinstance(table, Fault):
        raise FormError(str(table))
    written, lent = table.pop("section", {}), table.get("borrows", {})
    sections = {name: written[name] if name in written else reader.lent(name, lent[name]) for name in table["sections"]}
    return reader.built({**table, "version": version}, sections, table["id"])


def checked(head: dict[str, Any], sections: Mapping[str, Any], shaped: Shaped, own: list[str]) -> Checked:
    """What a head and its sections came to; `own` are those that the clinic wrote itself."""
    there = {name: table for name, table in sections.items() if table is not None}
    if shaped.questions > shapes.MOST_QUESTIONS:
        shaped.say(
            "",
            N_("%(count)s questions are too many. The most is %(most)s."),
            count=shaped.questions,
            most=shapes.MOST_QUESTIONS,
        )
    try:
        form = reader.built({**NOTHING, **head}, there, "form.toml")
    except FormError as wrong:
        shaped.faults.append(Fault("", "%(wrong)s", {"wrong": str(wrong)}))
        return Checked(None, tuple(shaped.faults), head)
    found = [*shaped.faults, *(fault for fault in _meant(form, there, own) if not _follows(fault, shaped))]
    grave = [fault for fault in found if not fault.is_warning]
    return Checked(None if grave else form, (*grave, *(fault for fault in found if fault.is_warning)), head)


def _meant(form: Form, sections: Mapping[str, Any], own: list[str]) -> Iterator[Fault]:
    """What is wrong with a form whose tables are right."""
    yield from rules.faults(form)
    yield from kindkeys.faults(form)
    for name, table in sections.items():
        for number, page in enumerate(table["pages"], 1):
            for question in page.get("questions", ()):
                yield from kindkeys.unused(question, within(name, f"page {number}", question["id"]))
    if own:
        yield from ours.faults([section for section in form.sections if section.id in own], form.audience)
    if is_of_clinic(form.id) and form.audience != ours.CLINICIAN:
        yield from ours.ungated(form)


def _follows(fault: Fault, shaped: Shaped) -> bool:
    """Whether something only seems wrong because something else was left out."""
    about = fault.values
    if fault.text == lookbacks.NOWHERE:
        return shaped.ids_missing
    if {"name", "kind"} <= about.keys():  # a condition, by what it looks at
        return str(about["name"]).partition(".")[0] in shaped.doubtful
    if "name" in about:
        return False
    is_about_id = "id" in about and "different" not in about
    return not is_about_id and not shaped.doubtful.isdisjoint(fault.place.split(", "))
