"""One way to write a record as bytes, so that its hash and its signature mean the same everywhere (RFC 8785)."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

WIDEST = 2**53 - 1  # beyond it a number is not the same in every language (RFC 8785, 3.2.2.3)


class UnfitError(ValueError):
    """A value has no single way to be written: a float, a key that stands twice, something that is no record."""


def dump(value: Any) -> bytes:
    """The canonical bytes: text in NFC, decimals as text, moments in UTC to the microsecond; UnfitError otherwise.

    What is settled has no floats and its keys in order: the rest of RFC 8785 is how Python writes JSON anyway.
    """
    try:
        return json.dumps(settled(value), ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as problem:
        raise UnfitError(str(problem)) from problem


def settled(value: Any) -> Any:
    """The value as plain JSON says it, keys in order."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case dict() | Mapping():
            pairs = [(settled(_text(key)), settled(each)) for key, each in value.items()]
            return _once(sorted(pairs, key=_unit_order))
        case None | bool():
            return value
        case int() if abs(value) <= WIDEST:
            return value
        case Decimal() | UUID():
            return str(value)
        case datetime():
            return moment(value)
        case Sequence() if not isinstance(value, bytes | bytearray):
            return [settled(each) for each in value]
    message = f"{type(value).__name__} has no canonical form"
    raise UnfitError(message)


def load(content: bytes) -> Any:
    """The record that was written; UnfitError unless these are its canonical bytes and no others."""
    try:
        value = json.loads(content, object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise UnfitError(type(problem).__name__) from problem
    if dump(value) != content:
        message = "this is not the canonical form"
        raise UnfitError(message)
    return value


def moment(value: datetime) -> str:
    """A moment in UTC, always with microseconds: the same moment is the same text."""
    if value.tzinfo is None:
        message = "a moment needs a time zone"
        raise UnfitError(message)
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _text(key: Any) -> str:
    if isinstance(key, str):
        return key
    message = "a key is text"
    raise UnfitError(message)


def _unit_order(pair: tuple[str, Any]) -> bytes:
    """Keys stand in the order of their UTF-16 code units (RFC 8785, 3.2.3)."""
    return pair[0].encode("utf-16-be")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a key stands twice"
        raise UnfitError(message)
    return found


def _no_float(text: str) -> Any:
    message = f"{text} is no number a record may hold: write decimals as text"
    raise UnfitError(message)
