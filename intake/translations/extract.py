"""Gathers the texts of forms, library, maps and messages for translators: Babel reads Python and Jinja, not TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

# Keys whose values people read. Everything else in these files is ids, numbers and sources.
KEYS = frozenset(
    {
        *(
            "alt",
            "body",
            "entry_name",
            "heading",
            "high_label",
            "hint",
            "intro",
            "low_label",
            "print",
            "text",
            "title",
            "why",
        ),
        *("breath", "cue", "effort", "name", "progress_rule", "regress_rule", "speed", "steps", "stop_rule"),
        *("card", "limits", "points", "prompts"),
        *("patient", "staff"),
    }
)
Message = tuple[int, str, str, list[str]]


def extract_toml(
    fileobj: IO[bytes],
    _keywords: Collection[str],
    _comment_tags: Collection[str],
    options: Mapping[str, Any],  # noqa: ARG001 - Babel passes it by name
) -> Iterator[Message]:
    """(line, function, text, comments) for each text of a file, as Babel asks of an extractor."""
    source = fileobj.read().decode("utf-8")
    for text in texts(tomllib.loads(source)):
        yield 1, "gettext", text, []


def texts(table: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a table and of the tables in it, in reading order."""
    for key, value in table.items():
        values = value if isinstance(value, list) else [value]
        for item in values:
            if isinstance(item, Mapping):
                yield from texts(item)
            elif key in KEYS and isinstance(item, str) and item:
                yield item
