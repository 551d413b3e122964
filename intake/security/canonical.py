"""One way to write a record as bytes, so that its hash and its signature mean the same everywhere (RFC 8785)."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import rfc8785


class UnfitError(ValueError):
    """A value has no single way to be written: a float, a key that stands twice, something that is no record."""


def dump(value: Any) -> bytes:
    """The canonical bytes: text in NFC, decimals as text, moments in UTC to the microsecond; UnfitError otherwise."""
    try:
        return rfc8785.dumps(settled(value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as problem:
        raise UnfitError(str(problem)) from problem


def settled(value: Any) -> Any:
    """The value as plain JSON says it."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case Decimal() | UUID():
            return str(value)
        case datetime():
            return moment(value)
        case Mapping():
            return _once((settled(_text(key)), settled(each)) for key, each in value.items())
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


def _once(pairs: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            message = f"the key {key!r} stands twice"
            raise UnfitError(message)
        found[key] = value
    return found


def _no_float(text: str) -> Any:
    message = f"{text} is no number a record may hold: write decimals as text"
    raise UnfitError(message)
