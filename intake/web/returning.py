"""Where somebody goes on after a factor was given: the page they came from, or one that was kept for them."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from flask import redirect, request, url_for

from intake.security.policy import Permission, may
from intake.store.people import User

FIRST_PAGES = (
    (Permission.SEE_DAY, "clinic.today.index"),
    (Permission.MANAGE_CLINIC, "admin.people.index"),
    (Permission.REVIEW_EMERGENCY, "privacy.emergencies.index"),
)


def onward(user: User) -> Any:
    """Lead on to the kept page, to where they were, or to where their work starts."""
    way = way_on()
    if "kept" in way:
        return redirect(url_for("account.kept.show", page_id=way["kept"]), 303)
    return redirect(way.get("after") or url_for(first_page(user)), 303)


def way_on() -> dict[str, Any]:
    """`after` and `kept` of this address, checked: pages on the way in pass them along."""
    found: dict[str, Any] = {}
    if (path := local(request.args.get("after", ""))) is not None:
        found["after"] = path
    if (page := _id(request.args.get("kept", ""))) is not None:
        found["kept"] = page
    return found


def local(path: str) -> str | None:
    """A path of this site; None for anything that leads elsewhere."""
    parts = urlsplit(path)
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return path if inside and path.isprintable() else None


def first_page(user: User) -> str:
    """Where somebody's work starts: the day, or the page they are here for."""
    return next((page for permission, page in FIRST_PAGES if may(user, permission, None)), "account.overview.show")


def _id(value: str) -> str | None:
    try:
        return str(uuid.UUID(value))
    except ValueError:
        return None
