"""What a signed visit is billed with, on one page where it fits: diagnoses, procedures, minutes, units, charges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from intake.pdf import document
from intake.pdf.blocks import Columns
from intake.pdf.document import Paper
from intake.pdf.flow import heading, labelled, text
from intake.pdf.language import US_ENGLISH, Language
from intake.pdf.model import BilledCode, Superbill
from intake.pdf.styles import BODY, FOOT, LEAD, SMALL, TITLE
from intake.pdf.words import shorten

LONGEST_LINE = 80
CELL = ParagraphStyle("billed", BODY, spaceAfter=1)
HEAD = ParagraphStyle("billed-head", SMALL, spaceAfter=1, textColor=FOOT.textColor)
CODE_AND_TITLE, ALL = (0.18, 0.82), (0.13, 0.13, 0.34, 0.13, 0.11, 0.16)

Section = Callable[[Superbill, Language], list[Flowable]]


def title(bill: Superbill, _: Language) -> list[Flowable]:
    """Whose clinic, whose visit, and what a payer asks of it."""
    head = [
        heading(_("Superbill"), TITLE),
        text(shorten(bill.clinic_name, LONGEST_LINE), LEAD),
        *(text(line, SMALL) for line in bill.clinic_lines if line.strip()),
    ]
    facts = [
        labelled(_("Patient:"), f" {bill.name}"),
        labelled(_("Date of birth:"), f" {_.day(bill.birth_date)}"),
        labelled(_("Date of service:"), f" {_.day(bill.visit_on)}"),
        *(labelled(f"{fact.label}:", f" {fact.words}") for fact in bill.facts if fact.words.strip()),
    ]
    return [*head, *facts]


def diagnoses(bill: Superbill, _: Language) -> list[Flowable]:
    """The diagnoses, each with the letter a claim points to it with."""
    if not bill.diagnoses:
        return [heading(_("Diagnoses")), text(_("None is on this bill."))]
    rows = [_row((each.code, each.title), CODE_AND_TITLE, CELL) for each in bill.diagnoses]
    return [heading(_("Diagnoses")), *rows]


def procedures(bill: Superbill, _: Language) -> list[Flowable]:
    """The procedures with minutes, units and charges, and what they come to."""
    if not bill.procedures:
        return [heading(_("Procedures")), text(_("None is written in this note."))]
    head = _row((_("Code"), _("Modifier"), _("What was done"), _("Minutes"), _("Units"), _("Charge")), ALL, HEAD)
    rows = [_row(_cells(each), ALL, CELL) for each in bill.procedures]
    return [heading(_("Procedures")), head, *rows, *(text(line) for line in bill.sums)]


def _cells(each: BilledCode) -> tuple[str, ...]:
    return each.code, each.modifier, each.title, each.minutes, each.units, each.charge


def _row(cells: Sequence[str], shares: Sequence[float], style: ParagraphStyle) -> Columns:
    return Columns([[text(cell or "\u2013", style)] for cell in cells], shares, gap=8)


def remarks(bill: Superbill, _: Language) -> list[Flowable]:
    """What whoever bills has to know."""
    return [text(line, SMALL) for line in bill.remarks]


SECTIONS: tuple[Section, ...] = (title, diagnoses, procedures, remarks)


def render(bill: Superbill, *, paper: Paper = "letter", language: Language = US_ENGLISH) -> bytes:
    """The bill as a PDF: the same bill always gives the same bytes."""
    flowables = chain.from_iterable(section(bill, language) for section in SECTIONS)
    return document.write(
        list(flowables),
        title=language("Superbill"),
        paper=paper,
        language=language,
        footer=" · ".join((language("Date of service: {day}", day=language.day(bill.visit_on)), bill.clinic_name)),
        header=(document.whose(bill.name, bill.birth_date, language), ""),
    )
