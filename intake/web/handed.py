"""Links that are handed to somebody. Their code stands behind the #, which a browser sends to no server."""

from __future__ import annotations

from flask import current_app, url_for


def to_set_up(token: str) -> str:
    """The link to set up the clinic."""
    return _link("account.links.set_up", token)


def to_choose(token: str) -> str:
    """The link to choose a password."""
    return _link("account.links.password", token)


def to_form(code: str) -> str:
    """The neutral link to a patient's form."""
    return _link("patient.form.show", code)


def _link(endpoint: str, code: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}{url_for(endpoint)}#{code}"
