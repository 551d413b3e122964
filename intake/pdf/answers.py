"""The answers of one form on paper, for the record: every page says whose they are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Spacer

from intake.pdf import document
from intake.pdf.document import Paper
from intake.pdf.flow import Kept, bullets, heading, labelled, text
from intake.pdf.language import US_ENGLISH, Language
from intake.pdf.model import AnsweredItem, AnsweredPart, AnsweredRow, AnswersRecord, ConfirmedItem
from intake.pdf.styles import BODY, ITEM, LEAD, NOTE, SMALL, TITLE
from intake.pdf.words import shorten

LONGEST_LINE = 80
INDENTED = ParagraphStyle("answer", BODY, leftIndent=12, spaceAfter=7, allowWidows=0)
SILENT = ParagraphStyle("no-answer", NOTE, leftIndent=12, spaceAfter=7)
ENTRY = ParagraphStyle("entry", SMALL, leftIndent=34, bulletIndent=12, bulletFontSize=12, spaceAfter=1, allowWidows=0)
BELOW = ParagraphStyle("below-an-entry", NOTE, leftIndent=46, spaceAfter=1)
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
    return list(chain.from_iterable(one_part(part, _) for part in record.parts))


def one_part(part: AnsweredPart, _: Language) -> list[Flowable]:
    """The heading stays with the first question; a question stays with its answer, or with its first entry."""
    first, *rest = chain.from_iterable(_row(row, _) for row in part.rows)
    return [Kept([heading(part.title), *first]), *(Kept(block) for block in rest)]


def _row(row: AnsweredRow, _: Language) -> list[list[Flowable]]:
    """What is kept on one page each time."""
    question = labelled(row.question, "", SMALL)
    if row.entries:
        first, *rest = (_entry(number, entry, len(row.entries), _) for number, entry in enumerate(row.entries, 1))
        return [[question, *first], *rest]
    style = INDENTED if row.mark in {QUOTED, GIVEN} else SILENT
    lines = [f"“{line}”" if row.mark == QUOTED else line for line in row.lines if line.strip()]
    unseen = _("Called right without seeing the earlier answers: the form did not show them.") if row.unseen else ""
    below = [text(unseen, SILENT)] if unseen else []
    earlier = chain.from_iterable(_confirmed(item, _) for item in row.confirmed)
    return [[question, *(text(line, style) for line in lines), *_said_no_to(row.denied, _), *below, *earlier]]


def _confirmed(item: ConfirmedItem, _: Language) -> list[Flowable]:
    """What "Still right" is about, with the day it was said."""
    words = "\n".join(item.lines)
    return [labelled(item.question, f"{words} ({_.day(item.on)})", ENTRY), *_said_no_to(item.denied, _, BELOW)]


def _entry(number: int, entry: tuple[AnsweredItem, ...], count: int, _: Language) -> list[Flowable]:
    """One entry: a line for each answer, with its number where there are several."""
    found: list[Flowable] = []
    for item in entry:
        place = f"{number}." if count > 1 and not found else ""
        found += [labelled(item.question, item.words, ENTRY, place), *_said_no_to(item.denied, _, BELOW)]
    return [*found, Spacer(0, 5)]


def _said_no_to(denied: tuple[str, ...], _: Language, style: ParagraphStyle | None = None) -> list[Flowable]:
    """What "None of these" stands for, smaller than the answer."""
    return [text(_("Said no to: {options}", options="; ".join(denied)), style or SILENT)] if denied else []


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
    marked = _("Contains sensitive answers") if record.holds_sensitive else ""
    return document.whose(record.name, record.birth_date, _), marked


def _footer(record: AnswersRecord, _: Language) -> str:
    parts = (_("Visit: {day}", day=_.day(record.visit_on)), record.clinic_name)
    return " · ".join(part for part in parts if part.strip())
