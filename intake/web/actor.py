"""The signed-in person, for views the guard has let somebody into."""

from __future__ import annotations

from flask import abort

from intake.store.people import User
from intake.web import identity


def me() -> User:
    """The person of the clinic who is asking; 404 when there is none."""
    return identity.staff() or abort(404)
