"""What a page held when it could not be kept, to show again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import request
from flask_babel import gettext as _

from intake.forms.model import Question
from intake.forms.problems import MalformedError


def everything_typed() -> dict[str, Any]:
    """{field: text, or texts} of the submitted page, the app's own fields left out."""
    lists = {
        name: request.form.getlist(name) for name in request.form if not name.startswith("_") and name != "csrf_token"
    }
    return {name: values if len(values) > 1 else values[0] for name, values in lists.items()}


def only(*names: str, several: Collection[str] = ()) -> None:
    """MalformedError when the page holds a field it never had, or one twice that is not among `several`."""
    for name, values in request.form.lists():
        if name != "csrf_token" and name not in names and not name.startswith("_"):
            message = f"unknown field {name[:60]!r}"
            raise MalformedError(message)
        if len(values) > 1 and name not in several:
            message = f"{name[:60]!r} was sent {len(values)} times"
            raise MalformedError(message)


def once() -> None:
    """MalformedError when a field of the app's own came twice."""
    if doubled := [name for name, values in request.form.lists() if name.startswith("_") and len(values) > 1]:
        message = f"{doubled[0][:60]!r} was sent more than once"
        raise MalformedError(message)


def in_the_other(words: str) -> str:
    """What stands in the other window, where two changed the same: nobody replaces it unseen."""
    return str(_("In the other window: \u201c%(words)s\u201d.", words=words) if words else _("It is blank there."))


def one_more(group: Question, answer: Any) -> dict[str, str]:
    """The field that makes a group show one empty entry more than it would."""
    shown = max(len((answer or {}).get("value") or ()), group.minimum_entries)
    return {f"{group.id}.count": str(min(shown + 1, group.maximum_entries))}
