"""What a pen needs: lines to write on, boxes to tick, circles to mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from intake.pdf import fonts
from intake.pdf.blocks import Columns
from intake.pdf.flow import Words
from intake.pdf.sheet import artifact, part
from intake.pdf.styles import BODY, INK, LINE, SMALL
from intake.pdf.words import PLACEHOLDER, on_paper, plain

LINE_HEIGHT = 25.0
CIRCLE = 12.0  # radius
LETTERS, A_WORD = 36, 13  # options no longer than this stand two, or four, side by side
OPTION = ParagraphStyle("option", BODY, leftIndent=22, bulletFontSize=18, bulletOffsetY=-1, spaceAfter=3, leading=18)
OPTION_ALONE = ParagraphStyle("option-alone", BODY, fontSize=18, leading=20, spaceAfter=0)
CELL = ParagraphStyle("cell", SMALL, spaceAfter=0)
BOX = "\u2610"


class Lines(Flowable):
    """Some lines to write on, with a few words before the first."""

    def __init__(self, count: int, *, label: str = "") -> None:
        super().__init__()
        self._count, self._words = count, plain(label)
        self._label = Words(on_paper(label), CELL) if label else None
        self.spaceAfter = 4

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        """The whole width, and a hand's height a line."""
        self.width, self.height = aW, self._count * LINE_HEIGHT
        if self._label is not None:
            self._label.wrap(aW, aH)
        return self.width, self.height

    def draw(self) -> None:
        """The lines are decoration: there is nothing to read on them."""
        start = 0.0
        if self._label is not None:
            start = stringWidth(self._words, CELL.fontName, CELL.fontSize) + 6
            self._label.drawOn(self.canv, 0, self.height - LINE_HEIGHT + 2)
        with artifact(self.canv):
            self.canv.setStrokeColor(LINE)
            self.canv.setLineWidth(0.8)
            for number in range(self._count):
                y = self.height - (number + 1) * LINE_HEIGHT + 3
                self.canv.line(start if number == 0 else 0, y, self.width, y)


class Circles(Flowable):
    """A circle with its number for each point of a scale."""

    def __init__(self, lowest: int, highest: int) -> None:
        super().__init__()
        self._points = range(lowest, highest + 1)
        self.spaceBefore = self.spaceAfter = 4

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        """The whole width."""
        self.width, self.height = aW, 2 * CIRCLE + 4
        return self.width, self.height

    def draw(self) -> None:
        """The circles, and their numbers to be read as one line."""
        step = min((self.width - 2 * CIRCLE) / max(len(self._points) - 1, 1), 44.0)
        with artifact(self.canv):
            self.canv.setStrokeColor(INK)
            self.canv.setLineWidth(1)
            for place in range(len(self._points)):
                self.canv.circle(CIRCLE + place * step, CIRCLE + 2, CIRCLE, stroke=1, fill=0)
        with part(self.canv, "P"):
            self.canv.setFillColor(INK)
            self.canv.setFont(fonts.REGULAR, 12)
            for place, point in enumerate(self._points):
                self.canv.drawCentredString(CIRCLE + place * step, CIRCLE - 2, f"{point} ")


def ticks(options: Sequence[str]) -> list[Flowable]:
    """A box before each option; short ones side by side."""
    boxes = [box(option) for option in options]
    longest = max(map(len, options), default=LETTERS + 1)
    across = 4 if longest <= A_WORD else 2 if longest <= LETTERS else 1
    if across == 1:
        return list(boxes)
    rows = [boxes[at : at + across] for at in range(0, len(boxes), across)]
    shares = (1 / across,) * across
    return [Columns([row[at : at + 1] for at in range(across)], shares, gap=8) for row in rows]


def box(words: str) -> Words:
    """One option with its box. What the font cannot draw stands beside its English name, which is enough."""
    drawn = plain(words)
    drawn = drawn.replace(PLACEHOLDER, "").strip(" ()") or drawn if PLACEHOLDER in drawn else drawn
    return Words(on_paper(drawn), OPTION, bulletText=BOX)


def grid(rows: Sequence[str], options: Sequence[str]) -> Iterator[Flowable]:
    """A row of boxes for each row, under the words of the options."""
    shares = _shares(len(options))
    yield Columns([[Words("", CELL)], *([Words(on_paper(each), CELL)] for each in options)], shares, gap=6)
    for row in rows:
        yield Columns([[Words(on_paper(row), CELL)], *([Words(BOX, OPTION_ALONE)] for _each in options)], shares, gap=6)


def table(rows: Sequence[str], columns: Sequence[str]) -> Iterator[Flowable]:
    """Room to write for each row and column."""
    shares = _shares(len(columns))
    yield Columns([[Words("", CELL)], *([Words(on_paper(each), CELL)] for each in columns)], shares, gap=10)
    for row in rows:
        yield Columns([[Words(on_paper(row), CELL)], *([Lines(1)] for _each in columns)], shares, gap=10)


def _shares(count: int) -> tuple[float, ...]:
    first = 0.4 if count < 5 else 0.3  # noqa: PLR2004 - many columns leave less for the words before them
    return (first, *[(1 - first) / count] * count)
