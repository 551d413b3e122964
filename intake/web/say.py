"""Texts of the pure rooms in the reader's language."""

from __future__ import annotations

from typing import Any

from flask import g, has_request_context
from flask_babel import get_translations, gettext


def translated(text: str) -> str:
    """A text of a form, rule or library file; an empty one stays empty (gettext would give its header).

    The catalog is looked up once a request: a page of questions asks hundreds of times.
    """
    if not text:
        return ""
    if not has_request_context():
        return str(gettext(text))
    if "catalog" not in g:
        g.catalog = get_translations()
    found: str = g.catalog.gettext(text)
    return found


def said(problem: Any) -> str:
    """A problem or reason with its values filled in."""
    return str(gettext(problem.text, **problem.values))
