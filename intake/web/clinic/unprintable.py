"""What a document would print as [?], told to whoever makes it before they hand it out: which letters, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

if TYPE_CHECKING:
    from intake.pdf.model import AnsweredRow, AnswersRecord
    from intake.store.people import Clinic


@dataclass(frozen=True, slots=True)
class Lost:
    """The letters of one field that no face on paper has."""

    field: str
    letters: tuple[str, ...]


def lost(fields: Iterable[tuple[str, str]]) -> list[Lost]:
    """What of these (field, words) cannot be printed. Plain words need no look at the faces."""
    unusual = [(field, words) for field, words in fields if not words.isascii()]
    if not unusual:
        return []
    from intake.pdf.words import missing_glyphs  # noqa: PLC0415 - ReportLab costs 0.1 s, paid only for unusual words

    found = (Lost(field, missing_glyphs(words)) for field, words in unusual)
    return [each for each in found if each.letters]


def of_clinic(clinic: Clinic | None) -> list[tuple[str, str]]:
    """What every document says of the clinic."""
    if clinic is None:
        return []
    return [
        (str(_("Name of the clinic")), clinic.name),
        (str(_("Phone of the clinic")), clinic.phone),
        (str(_("Address of the clinic")), clinic.address or ""),
    ]


def of_answers(record: AnswersRecord) -> list[tuple[str, str]]:
    """What the record of a form prints: the name, and the answer to each question."""
    named = [(str(_("Name")), record.name), (str(_("Name of the clinic")), record.clinic_name)]
    return named + [(row.question, _words(row)) for part in record.parts for row in part.rows]


def _words(row: AnsweredRow) -> str:
    inside = (f"{item.question} {item.words}" for entry in row.entries for item in entry)
    earlier = (line for item in row.confirmed for line in (item.question, *item.lines, *item.denied))
    return " ".join((row.question, *(() if row.entries else row.lines), *inside, *row.denied, *earlier))
