"""The canvas: numbers its pages once their count is known, and notes what is text and what decoration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property

from reportlab.pdfgen.canvas import Canvas

from intake.pdf import fonts
from intake.pdf.reading_order import File, ReadingOrder

Footer = Callable[[Canvas, int, int], None]


class Sheet(Canvas):
    """A canvas with a reading order and a footer that knows how many pages there are.

    Each page refers to a footer that is drawn when the file is saved; drawing the pages themselves late
    would send every bookmark to page 1.
    """

    _doc: File
    footer: Footer | None = None

    @cached_property
    def order(self) -> ReadingOrder:
        """The reading order of this file."""
        return ReadingOrder(self._doc)

    def setFont(self, psfontname: str, size: float, leading: float | None = None) -> None:
        """Only faces that are embedded: a drawing that asks for Helvetica gets ours."""
        super().setFont(psfontname if psfontname in fonts.names() else fonts.REGULAR, size, leading)

    def showPage(self) -> None:
        """Close the page, with room for its footer."""
        with artifact(self):
            self.doForm(_footer_name(self.getPageNumber()))
        super().showPage()
        self.order.close_page(self._doc.Pages[-1])

    def save(self) -> None:
        """Draw the footers, hang up the reading order and write the file."""
        count = self.order.page_count
        for number in range(1, count + 1):
            self.beginForm(_footer_name(number))
            if self.footer is not None:
                self.footer(self, number, count)
            self.endForm()
        self.order.hang_up()
        super().save()


@contextmanager
def part(canvas: Canvas, role: str, alt: str = "") -> Iterator[None]:
    """What is drawn inside is a heading, a paragraph or a figure of the text. Parts do not nest."""
    if isinstance(canvas, Sheet):
        canvas.addLiteral(f"/{role} <</MCID {canvas.order.add(role, alt)}>> BDC")
    else:
        canvas.addLiteral(f"/{role} BMC")
    yield
    canvas.addLiteral("EMC")


@contextmanager
def artifact(canvas: Canvas) -> Iterator[None]:
    """What is drawn inside is decoration: no reader says it aloud."""
    canvas.addLiteral("/Artifact BMC")
    yield
    canvas.addLiteral("EMC")


def _footer_name(number: int) -> str:
    return f"footer-{number}"
