"""@fresh: weighty acts want a factor given within the last five minutes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import jsonify, redirect, request, url_for

from intake.web import identity, keeping
from intake.web.actor import me
from intake.web.database import READS

View = Callable[..., Any]


def fresh(view: View) -> View:
    """Ask for a factor first, then come back; what was sent waits for a click. It stands below the guard."""

    @wraps(view)
    def seen(**values: Any) -> Any:
        return view(**values) if identity.is_fresh() else step_up()

    seen.fresh = True  # type: ignore[attr-defined]  # read by tests that go through every route
    return seen


def step_up() -> Any:
    """Lead to the page that asks for a factor."""
    path = request.full_path.rstrip("?")
    way: dict[str, Any] = {"after": path} if request.method in READS else {"kept": keeping.keep(me(), path)}
    url = url_for("account.step_up.show", **way)
    if request.headers.get("X-Autosave"):
        return jsonify(saved=None, go=url), 401
    return redirect(url, 303)
