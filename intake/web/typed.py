"""What a page held when it could not be kept, to show again."""

from __future__ import annotations

from typing import Any

from flask import request


def everything_typed() -> dict[str, Any]:
    """{field: text, or texts} of the submitted page, the app's own fields left out."""
    lists = {name: request.form.getlist(name) for name in request.form if not name.startswith("_") and name != "csrf_token"}
    return {name: values if len(values) > 1 else values[0] for name, values in lists.items()}


def one_more(group: str, answer: Any) -> dict[str, str]:
    """The field that makes a group show one empty entry more than is kept."""
    return {f"{group}.count": str(len((answer or {}).get("value") or ()) + 1)}
