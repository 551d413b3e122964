"""A chart on paper: what to keep in mind, the visits, and every signed note with what was added to it, as signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from reportlab.platypus import Flowable, Spacer

from intake.pdf import document
from intake.pdf.answers import LONGEST_LINE, one_part
from intake.pdf.document import Paper
from intake.pdf.flow import Kept, bullets, heading, text
from intake.pdf.language import US_ENGLISH, Language
from intake.pdf.model import ChartNote, ChartRecord
from intake.pdf.styles import BODY, ITEM, LEAD, NOTE, SMALL, TITLE
from intake.pdf.words import shorten

Section = Callable[[ChartRecord, Language], list[Flowable]]


def title(record: ChartRecord, _: Language) -> list[Flowable]:
    """Whose chart it is, which part of it, and what the copy leaves out."""
    born, number = _("Date of birth: {day}", day=_.day(record.birth_date)), _("Chart number: {n}", n=record.number)
    lines = [
        f"{born} · {number}",
        _("Printed {day}.", day=_.day(record.printed_on)),
        _("Part {part} of {parts}.", part=record.part, parts=record.parts) if record.parts > 1 else "",
        *record.remarks,
    ]
    head = [
        heading(_("Chart"), TITLE),
        text(shorten(record.name, 2 * LONGEST_LINE), LEAD),
        text(shorten(record.clinic_name, LONGEST_LINE), SMALL),
    ]
    return [*head, *(text(line, SMALL) for line in lines if line)]


def cautions(record: ChartRecord, _: Language) -> list[Flowable]:
    """Problems, precautions, medicines and allergies."""
    return list(chain.from_iterable(one_part(part, _) for part in record.cautions if part.rows))


def visits(record: ChartRecord, _: Language) -> list[Flowable]:
    """Every visit in a line."""
    items = bullets(record.visits, ITEM)
    return [heading(_("Visits")), *items] if items else []


def notes(record: ChartRecord, _: Language) -> list[Flowable]:
    """The signed notes, the oldest first."""
    if not record.notes:
        return [text(_("There is no signed note."))]
    return list(chain.from_iterable(_note(each, _) for each in record.notes))


def _note(note: ChartNote, _: Language) -> Iterator[Flowable]:
    yield Spacer(0, 10)
    yield Kept([heading(note.title, TITLE), text(note.told, SMALL), *(text(line, NOTE) for line in note.remarks)])
    yield from chain.from_iterable(one_part(part, _) for part in note.parts if part.rows)
    for part in note.parts:
        if not part.rows:
            yield Kept([heading(part.title), text(_("Not examined"), NOTE)])
    yield text(note.signed, SMALL)
    for each in note.additions:
        yield Kept([heading(each.title), *([text(each.words, BODY)] if each.words else []), text(each.signed, SMALL)])


SECTIONS: tuple[Section, ...] = (title, cautions, visits, notes)


def render(record: ChartRecord, *, paper: Paper = "letter", language: Language = US_ENGLISH) -> bytes:
    """The chart as a PDF: the same record always gives the same bytes."""
    flowables = chain.from_iterable(section(record, language) for section in SECTIONS)
    return document.write(
        list(flowables),
        title=language("Chart"),
        paper=paper,
        language=language,
        footer=_footer(record, language),
        header=_header(record, language),
    )


def _header(record: ChartRecord, _: Language) -> tuple[str, str]:
    marked = _("Contains sensitive answers") if record.holds_sensitive else ""
    return document.whose(record.name, record.birth_date, _), marked


def _footer(record: ChartRecord, _: Language) -> str:
    part = _("Part {part} of {parts}", part=record.part, parts=record.parts) if record.parts > 1 else ""
    return " · ".join(each for each in (record.clinic_name, part) if each.strip())
