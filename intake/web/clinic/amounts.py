"""What a note's findings amount to, in lines for whoever has no page of the note: the script that saves, and the press.

The words are those of the page (templates/macros/findings.html).
"""

from __future__ import annotations

from typing import Any

from flask import get_template_attribute

from intake.clinical import findings
from intake.forms.model import Section
from intake.store.notes import Note
from intake.web.clinic import coding
from intake.web.clinic.drafts import Draft


def lines(note: Note, draft: Draft) -> dict[str, str]:
    """{section: stages, totals and units}, of those that have any."""
    work_out, computed = _macro("worked_out"), findings.computed(draft.answers)
    sums = coding.sums(coding.account(note, draft.answers))
    found = {section.id: " ".join(work_out(computed, section.id, sums).split()) for section in draft.form.sections}
    return {name: line for name, line in found.items() if line}


def until(draft: Draft, section: Section) -> str:
    """Where consent to an examination was withdrawn: when, and that what stands here was found until then."""
    return " ".join(_macro("until_then")(findings.computed(draft.answers), section).split())


def _macro(name: str) -> Any:
    return get_template_attribute("macros/findings.html", name)
