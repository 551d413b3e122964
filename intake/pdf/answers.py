"""The answers of one form on paper, for the record: every page says whose they are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from intake.pdf import document
from intake.pdf.document import Paper
from intake.pdf.flow import bullets, heading, labelled, text, together
from intake.pdf.language import US_ENGLISH, Language
from intake.pdf.model import AnsweredPart, AnsweredRow, AnswersRecord
from intake.pdf.styles import BODY, ITEM, LEAD, NOTE, SMALL, TITLE
from intake.pdf.words import shorten

LONGEST_NAME = 30
LONGEST_LINE = 80
INDENTED = ParagraphStyle("answer", BODY, leftIndent=12, spaceAfter=7)
SILENT = ParagraphStyle("no-answer", NOTE, leftIndent=12, spaceAfter=7)
QUOTED, GIVEN = "quoted", "given"

Section = Callable[[AnswersRecord, Language], list[Flowable]]


def title(record: AnswersRecord, _: Language) -> list[Flowable]:
    """Which form it is, whose, and how it came about."""
    who = {
        "me": _("Answered by the patient alone."),
        "helper": _("Answered with somebody\u2019s help."),
        "staff": _("Filled in by staff of the clinic."),
    }
    lines = [
        f"{_('Date of birth: {day}', day=_.day(record.birth_date))} · {_('Visit: {day}', day=_.day(record.visit_on))}",
        " ".join(part for part in (record.state, who.get(record.who, "")) if part),
        _("Version {number} of the form, in the words of that time.", number=record.version),
    ]
    head = [
        heading(shorten(record.title, LONGEST_LINE), TITLE),
        text(shorten(record.name, 2 * LONGEST_LINE), LEAD),
        text(shorten(record.clinic_name, LONGEST_LINE), SMALL),
    ]
    return [*head, *(text(line, SMALL) for line in lines if line)]


def in_person(record: AnswersRecord, _: Language) -> list[Flowable]:
    """What was left for the room."""
    items = bullets(record.in_person, ITEM)
    return [heading(_("Would rather say in person")), *items] if items else []


def parts(record: AnswersRecord, _: Language) -> list[Flowable]:
    """Every section with its questions and answers."""
    if not record.parts:
        return [text(_("Nothing is answered yet."))]
    return list(chain.from_iterable(_part(part, _) for part in record.parts))


def _part(part: AnsweredPart, _: Language) -> list[Flowable]:
    first, *rest = (_row(row, _) for row in part.rows)
    return [*together([heading(part.title), *first]), *(block for row in rest for block in together(row))]


def _row(row: AnsweredRow, _: Language) -> list[Flowable]:
    style = INDENTED if row.mark in {QUOTED, GIVEN} else SILENT
    lines = [f"“{line}”" if row.mark == QUOTED else line for line in row.lines if line.strip()]
    return [labelled(row.question, "", SMALL), *(text(line, style) for line in lines)]


SECTIONS: tuple[Section, ...] = (title, in_person, parts)


def render(record: AnswersRecord, *, paper: Paper = "letter", language: Language = US_ENGLISH) -> bytes:
    """The answers as a PDF: the same answers always give the same bytes."""
    flowables = chain.from_iterable(section(record, language) for section in SECTIONS)
    return document.write(
        list(flowables),
        title=language("Answers"),
        paper=paper,
        language=language,
        footer=_footer(record, language),
        header=_header(record, language),
    )


def _header(record: AnswersRecord, _: Language) -> tuple[str, str]:
    name = shorten(record.name, LONGEST_NAME)
    whose = f"{name} · {_('born {day}', day=_.day(record.birth_date))}"
    return whose, _("Contains sensitive answers") if record.holds_sensitive else ""


def _footer(record: AnswersRecord, _: Language) -> str:
    parts = (_("Visit: {day}", day=_.day(record.visit_on)), record.clinic_name)
    return " · ".join(part for part in parts if part.strip())
