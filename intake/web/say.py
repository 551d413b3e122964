"""Texts of the pure rooms in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext


def translated(text: str) -> str:
    """A text of a form, rule or library file; an empty one stays empty (gettext would give its header)."""
    return gettext(text) if text else ""


def said(problem: Any) -> str:
    """A problem or reason with its values filled in."""
    return str(gettext(problem.text, **problem.values) if problem.values else gettext(problem.text))
