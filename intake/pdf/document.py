"""From flowables to bytes: paper, margins, and a footer that says which page of how many this is."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Literal

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from intake.pdf import fonts
from intake.pdf.language import Language
from intake.pdf.sheet import Footer, Sheet
from intake.pdf.styles import BOTTOM, FOOT, FOOT_RIGHT, MARGIN, TOP, WARNING
from intake.pdf.words import on_paper, shorten

Paper = Literal["letter", "a4"]
SIZES: dict[Paper, tuple[float, float]] = {"letter": LETTER, "a4": A4}
FOOTER_BASE = 30.0
PAGE_WORDS_WIDTH = 130.0
HEADER_TOP = 36.0  # points from the upper edge to the foot of the header
HEADER_RIGHT = 180.0
LONGEST_FOOTER = 50


def write(
    flowables: Sequence[Flowable],
    *,
    title: str,
    paper: Paper,
    language: Language,
    footer: str,
    header: tuple[str, str] = ("", ""),
) -> bytes:
    """The finished file. The same flowables give the same bytes: no clock and no chance goes in.

    `title` is what a window or a print queue shows, so it says nothing about the subject. `header` are the words at
    the top of every page, on the left and on the right.
    """
    fonts.register()
    buffer = BytesIO()
    document = BaseDocTemplate(
        buffer,
        pageTemplates=[_template(paper, _around(header, footer, SIZES[paper], language))],
        pagesize=SIZES[paper],
        title=title,
        author="",
        lang=language.code,
        initialFontName=fonts.REGULAR,
        displayDocTitle=True,
        pageCompression=1,
        invariant=1,
    )
    document.build(list(flowables), canvasmaker=Sheet)
    return buffer.getvalue()


def _template(paper: Paper, footer: Footer) -> PageTemplate:
    width, height = SIZES[paper]
    frame = Frame(
        MARGIN,
        BOTTOM,
        width - 2 * MARGIN,
        height - TOP - BOTTOM,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )

    def hand_over(canvas: Canvas, _document: BaseDocTemplate) -> None:
        if isinstance(canvas, Sheet):
            canvas.footer = footer

    return PageTemplate("page", [frame], onPage=hand_over)


def _around(header: tuple[str, str], words: str, size: tuple[float, float], language: Language) -> Footer:
    """A footer with these words on the left and the page number on the right, and a header where there is one."""
    line, (width, height) = shorten(words, LONGEST_FOOTER), size
    whose, warning = header
    room = width - 2 * MARGIN - HEADER_RIGHT

    def draw(canvas: Canvas, page: int, pages: int) -> None:
        where = language("Page {page} of {pages}", page=page, pages=pages)
        _draw_line(canvas, line, FOOT, MARGIN, width - 2 * MARGIN - PAGE_WORDS_WIDTH)
        _draw_line(canvas, where, FOOT_RIGHT, width - MARGIN - PAGE_WORDS_WIDTH, PAGE_WORDS_WIDTH)
        if whose:
            _draw_line(canvas, whose, FOOT, MARGIN, room, height - HEADER_TOP)
        if warning:
            _draw_line(canvas, warning, WARNING, MARGIN + room, HEADER_RIGHT, height - HEADER_TOP)

    return draw


def _draw_line(
    canvas: Canvas, words: str, style: ParagraphStyle, x: float, width: float, y: float = FOOTER_BASE
) -> None:
    """One line of a footer or header, which is decoration and so has no place in the reading order."""
    line = Paragraph(on_paper(words), style)
    line.wrap(width, MARGIN)
    line.drawOn(canvas, x, y)
