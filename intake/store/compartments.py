"""In which compartment an answer is kept: what the desk and the care team may see under the care key, the rest apart.

A section has a value in each compartment that its form asks for, empty ones too, so that presence says nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy.orm import Session

from intake.forms.model import Form, Question, Tier
from intake.store.patient_keys import CARE, COMPARTMENTS, SAFETY
from intake.store.sealing import Spot, packed, seal_value

TABLE: Final = "response_sections"
EVEN: Final = 4000  # bytes: what was said about safety takes as much room whether it is much or nothing


@cache
def places(form: Form) -> dict[str, dict[str, str]]:
    """{section: {question: compartment}}. An answer is kept where the highest of its parts belongs."""
    return {
        section.id: {question.id: _highest(question) for question in section.questions()} for section in form.sections
    }


def _highest(question: Question) -> str:
    highest = max(
        (part.tier for part in (question, *question.questions, *question.columns)), key=lambda tier: tier.rank
    )
    return CARE if highest is Tier.DESK else str(highest)


def spot(response_id: uuid.UUID, patient_id: uuid.UUID, section: str, compartment: str, version: int) -> Spot:
    """A section is bound to its response and its name, which is what makes the row the one it is."""
    return Spot(TABLE, f"{section}/{compartment}", response_id, patient_id, compartment, version)


def sealed(
    session: Session, form: Form, about: tuple[uuid.UUID, uuid.UUID], section: str, given: Mapping[str, Any],
    version: int,
) -> dict[str, bytes | None]:  # fmt: skip
    """{compartment: sealed answers} for a row; None where the form asks for nothing of that kind.

    `about` are the ids of the response and of its patient.
    """
    place = places(form)[section]
    parts: dict[str, dict[str, Any]] = {compartment: {} for compartment in set(place.values())}
    for question, answer in given.items():
        parts[place[question]][question] = answer
    spots = {name: spot(*about, section, name, version) for name in parts}
    values = {name: seal_value(session, spots[name], _evened(name, packed(part))) for name, part in parts.items()}
    return {compartment: values.get(compartment) for compartment in COMPARTMENTS}


def _evened(compartment: str, value: bytes) -> bytes:
    """The value with blanks after it, where its length would tell."""
    return value.ljust(EVEN) if compartment == SAFETY else value
