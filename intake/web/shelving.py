"""How forms of the clinic come to whoever looks one up: from the database of the app at hand."""

from __future__ import annotations

from intake.forms import shelf
from intake.forms.model import Form
from intake.store import clinicforms
from intake.web.database import looking


def attach() -> None:
    """Fetch what this process has not read yet: another one may have published it."""
    shelf.fetched_by(_fetch)


def _fetch(form: str, version: int) -> Form:
    with looking() as session:
        return clinicforms.fetch(session, form, version)
