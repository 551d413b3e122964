"""Forms of the clinic, as the process has them: read once, since a version never changes.

This room knows no database. Whoever does says how a form that is not here yet is fetched: another process may have
published it a moment ago.
"""

from __future__ import annotations

from collections.abc import Callable

from intake.forms.errors import FormError
from intake.forms.model import Form

CLINICS = "clinic-"  # how the ids of a clinic's forms begin; ours never do
Fetch = Callable[[str, int], Form]
_forms: dict[tuple[str, int], Form] = {}
_fetches: list[Fetch] = []


def is_of_clinic(form_id: str) -> bool:
    """Whether the id is that of a clinic's form."""
    return form_id.startswith(CLINICS)


def find(form_id: str, version: int) -> Form:
    """The form of a clinic; FormError when nobody knows it."""
    if (form_id, version) not in _forms:
        for fetch in _fetches:
            put(fetch(form_id, version))
    if (form_id, version) not in _forms:
        message = f"{form_id}/{version} is not known here"
        raise FormError(message)
    return _forms[form_id, version]


def put(form: Form) -> None:
    """Keep a published form for whoever looks it up. The one that is here already stays: forms compare by identity."""
    _forms.setdefault((form.id, form.version), form)


def fetched_by(fetch: Fetch) -> None:
    """Say how a form that is not here is fetched; the last word counts."""
    _fetches[:] = [fetch]


def forget() -> None:
    """Take everything off the shelf, for tests with another database."""
    _forms.clear()
