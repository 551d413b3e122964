"""Texts of the pure rooms in the reader's language."""

from __future__ import annotations

from typing import Any

from flask import g, has_request_context
from flask_babel import get_translations, gettext


def catalog() -> Any:
    """The reader's catalog, looked up once a request: a page asks for hundreds of texts."""
    found = g.get("catalog") if g else None
    if found is None:
        found = get_translations()
        if has_request_context():
            g.catalog = found
    return found


def translated(text: str) -> str:
    """A text of a form, rule or library file; an empty one stays empty (gettext would give its header)."""
    return catalog().gettext(text) if text else ""


def plural(one: str, many: str, number: int) -> str:
    """The singular or the plural text, as the reader's language has it."""
    found: str = catalog().ngettext(one, many, number)
    return found


def said(problem: Any) -> str:
    """A problem or reason with its values filled in."""
    return str(gettext(problem.text, **problem.values))
