"""Forms that also ask about violence: ours ask that in the room, so a few questions are raised to that tier here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from intake.forms import reader
from intake.forms.model import Form, Page, Tier


def raise_to_safety(patch: pytest.MonkeyPatch, names: Collection[str]) -> None:
    """Let every form be read as if these questions were about violence."""
    load, latest = reader.load, reader.latest
    for name, _version in reader.published():
        latest(name)  # what it keeps for later is our own, whoever asks first
    known: dict[tuple[str, int], Form] = {}

    def raised(form: Form) -> Form:
        key = form.id, form.version
        if key not in known:
            known[key] = _raised(form, names)
        return known[key]

    patch.setattr(reader, "load", lambda *which: raised(load(*which)))
    patch.setattr(reader, "latest", lambda which: raised(latest(which)))


def _raised(form: Form, names: Collection[str]) -> Form:
    sections = [
        replace(section, pages=tuple(_page(page, names) for page in section.pages)) for section in form.sections
    ]
    return replace(form, sections=tuple(sections))


def _page(page: Page, names: Collection[str]) -> Page:
    questions = [replace(each, tier=Tier.SAFETY) if each.id in names else each for each in page.questions]
    return replace(page, questions=tuple(questions))
