"""Tokens in forms. One that is shown while the screen is locked opens the lock, and nothing that lies behind it."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError

from intake.web import identity
from intake.web.identity import Standing

OF_LOCK = "token_of_lock"  # its name in the cookie and in g


class FormTokens(CSRFProtect):
    """Flask-WTF's check, with tokens of two kinds.

    The token of a page that was open before the lock stays good: what is typed there must not be lost. Whoever stands
    at a locked screen is shown none of those.
    """

    def init_app(self, app: Flask) -> None:
        """Show the token of the right kind on every page."""
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = shown
        app.context_processor(lambda: {"csrf_token": shown})

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: FBT001, FBT002 - as Flask-WTF declares it
        """Take the lock's token where one may be who is locked out, and only the other kind everywhere else."""
        if not (_is_open_to_the_locked() and _is_of_lock(self._get_csrf_token())):
            super().protect(apply_exemptions)
            return
        g.csrf_valid = g.came_from_lock = True


def shown() -> Any:
    """The token for the forms of this page."""
    return generate_csrf(token_key=OF_LOCK if identity.standing() is Standing.LOCKED else None)


def came_from_lock() -> bool:
    """Whether the form that was sent stood on a locked screen."""
    return bool(g.get("came_from_lock"))


def _is_open_to_the_locked() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    is_public = view is not None and getattr(view, "permission", None) is None
    return is_public or Standing.LOCKED in getattr(view, "standings", ())


def _is_of_lock(token: str | None) -> bool:
    try:
        validate_csrf(token, token_key=OF_LOCK)
    except ValidationError:
        return False
    return True
