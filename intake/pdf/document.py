"""From flowables to bytes: paper, margins, and a footer that says which page of how many this is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Literal

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate

from intake.pdf import fonts
from intake.pdf.blocks import Box, Columns
from intake.pdf.flow import Line, Words, text
from intake.pdf.language import Language
from intake.pdf.sheet import Footer, Sheet
from intake.pdf.styles import BOTTOM, FOOT, FOOT_RIGHT, MARGIN, NOTE, TOP, WARNING
from intake.pdf.words import PLACEHOLDER, on_paper, plain, shorten

Paper = Literal["letter", "a4"]
SIZES: dict[Paper, tuple[float, float]] = {"letter": LETTER, "a4": A4}
FOOTER_BASE = 30.0
PAGE_WORDS_WIDTH = 130.0
HEADER_TOP = 36.0  # points from the upper edge to the foot of the header
HEADER_RIGHT = 180.0
LONGEST_FOOTER = 90
LONGEST_NAME = 30


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
    document.build([*flowables, *_told(flowables, (*header, footer), language)], canvasmaker=Sheet)
    return buffer.getvalue()


def whose(name: str, born: date, _: Language) -> str:
    """The words at the top of every page of a record: a name, however long, and the day of birth."""
    return f"{shorten(name, LONGEST_NAME)} · {_('born {day}', day=_.day(born))}"


def _told(flowables: Sequence[Flowable], around: Sequence[str], language: Language) -> list[Flowable]:
    """A line that says what [?] is, where there is one: nobody must take it for what was written."""
    if not any(PLACEHOLDER in each for each in (*map(plain, around), *written(flowables))):
        return []
    kept = language("[?] stands for a letter that could not be printed. The record keeps the words as they were typed.")
    return [text(kept, NOTE)]


def written(flowables: Iterable[Flowable]) -> Iterator[str]:
    """The words of each paragraph, also of those that stand in a box, in columns or together."""
    for each in flowables:
        if isinstance(each, Words):
            yield "".join(piece.text for piece in each.frags)
        elif isinstance(each, (Box, Columns, KeepTogether)):
            yield from written(_inside(each))


def _inside(block: Box | Columns | KeepTogether) -> Iterable[Flowable]:
    return vars(block)["_content"] if isinstance(block, KeepTogether) else block.inside()


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
    (width, height), (whose, warning) = size, header
    line = _fitting(words, width - 2 * MARGIN - PAGE_WORDS_WIDTH)
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


def _fitting(words: str, width: float) -> str:
    """As much of the words as one line of the foot holds."""
    shorter = (shorten(words, most) for most in range(LONGEST_FOOTER, 1, -1))
    return next((line for line in shorter if Line(on_paper(line), FOOT).wrap(width, MARGIN)[1] <= FOOT.leading), "")


def _draw_line(
    canvas: Canvas, words: str, style: ParagraphStyle, x: float, width: float, y: float = FOOTER_BASE
) -> None:
    """One line of a footer or header, which is decoration and so has no place in the reading order."""
    line = Line(on_paper(words, bold=style.fontName == fonts.BOLD), style)
    line.wrap(width, MARGIN)
    line.drawOn(canvas, x, y)
