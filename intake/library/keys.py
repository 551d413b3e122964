"""Makes a frozen dataclass of a TOML table, refusing unknown, missing and wrongly typed keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar, get_type_hints

from intake.library import model
from intake.library.errors import LibraryError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Built = TypeVar("Built", bound=DataclassInstance)

KNOWN_TYPES = vars(model) | {"date": date}  # the model imports it for type checking only
WANTED = {
    str: "text",
    int: "a whole number",
    date: "a date (YYYY-MM-DD)",
    tuple[str, ...]: "a list of texts",
}


def build(kind: type[Built], raw: object, where: str) -> Built:
    """One `kind` made of the table `raw`; LibraryError starts with `where` and names the key."""
    if not isinstance(raw, Mapping):
        msg = f"{where}: a table is needed"
        raise LibraryError(msg)
    _check_names(kind, raw, where)
    types = get_type_hints(kind, globalns=KNOWN_TYPES)
    return kind(**{key: _value(types[key], value, f"{where}: {key}") for key, value in raw.items()})


def _check_names(kind: type[DataclassInstance], raw: Mapping[str, object], where: str) -> None:
    known = {field.name for field in fields(kind)}
    needed = {field.name for field in fields(kind) if field.default is MISSING}
    if unknown := sorted(raw.keys() - known):
        msg = f"{where}: {unknown[0]}: no such key"
        raise LibraryError(msg)
    if missing := sorted(needed - raw.keys()):
        msg = f"{where}: {missing[0]}: missing"
        raise LibraryError(msg)


def _value(kind: object, value: object, where: str) -> object:
    """The value as the field wants it. Tuples of dataclasses arrive ready and pass through."""
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _member(kind, value, where)
    if kind == tuple[str, ...]:
        return _texts(value, where)
    if isinstance(kind, type) and (type(value) is not kind or value == ""):  # not isinstance: True is an int
        msg = f"{where}: {WANTED[kind]} is needed"
        raise LibraryError(msg)
    return value.strip() if isinstance(value, str) else value


def _member(kind: type[StrEnum], value: object, where: str) -> StrEnum:
    for member in kind:
        if member == value:
            return member
    msg = f"{where}: choose one of {', '.join(kind)}"
    raise LibraryError(msg)


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        msg = f"{where}: a list of texts is needed"
        raise LibraryError(msg)
    return tuple(item.strip() for item in value)
