"""The phrases a clinic starts with: words with a dot that stand for longer texts in notes, in our own words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from intake.library.errors import LibraryError

HERE = Path(__file__).with_suffix(".toml")


@cache
def starters() -> Mapping[str, str]:
    """{word: what it stands for}, in the order of the file."""
    return read(HERE)


def read(path: Path) -> Mapping[str, str]:
    """The phrases of a file; LibraryError where a word is no word with a dot, or its text is empty."""
    found: dict[str, str] = {}
    for word, text in tomllib.loads(path.read_text(encoding="utf-8")).items():
        if not isinstance(text, str) or not text.strip():
            msg = f"{path.name}: {word}: text is needed"
            raise LibraryError(msg)
        found[f".{word}"] = text.strip()
    return MappingProxyType(found)
