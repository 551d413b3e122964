"""Outcome measures on paper: each with its chart, what the chart shows in words, and its values."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Final

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from intake.pdf import document, fonts
from intake.pdf.document import Paper
from intake.pdf.flow import Kept, heading, labelled, text
from intake.pdf.language import US_ENGLISH, Language
from intake.pdf.model import ChartMark, ChartPoint, MeasureRecord, MeasureRow, MeasureTrend
from intake.pdf.sheet import part
from intake.pdf.styles import BODY, INK, LEAD, LINE, NOTE, PAPER, SMALL, SMALLEST, TITLE
from intake.pdf.words import shorten

LONGEST_LINE: Final = 80
WIDEST: Final = 340.0  # points
HIGH: Final = 112.0
LEFT: Final = 40.0  # room for the ends of the scale
EDGE: Final = 8.0
DOT: Final = 3.2
ROW = ParagraphStyle("measurement", SMALL, leftIndent=12, spaceAfter=2)


class TrendChart(Flowable):
    """The chart of one measure: totals from left to right as time goes, joined where they can be compared."""

    def __init__(self, trend: MeasureTrend) -> None:
        super().__init__()
        self._trend = trend
        self.spaceBefore, self.spaceAfter = 4, 6

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        """As wide as it is useful."""
        self.width, self.height = min(aW, WIDEST), HIGH
        return self.width, self.height

    def draw(self) -> None:
        """One figure, told aloud by the words of the trend."""
        with part(self.canv, "Figure", self._trend.words):
            self._axes(self.canv)
            for mark in self._trend.marks:
                self._mark(self.canv, mark)
            for run in self._trend.runs:
                self._run(self.canv, run.points)

    def _place(self, point: ChartPoint) -> tuple[float, float]:
        room = self.width - LEFT - 2 * EDGE
        return LEFT + EDGE + point.x * room, self._y(point.y)

    def _y(self, share: float) -> float:
        return EDGE + share * (self.height - 2 * EDGE)

    def _axes(self, canvas: Canvas) -> None:
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.8)
        canvas.lines([
            (LEFT, self._y(0), LEFT, self._y(1)), (LEFT, self._y(0), self.width, self._y(0)),
        ])  # fmt: skip
        canvas.setFillColor(INK)
        canvas.setFont(fonts.REGULAR, SMALLEST)
        canvas.drawRightString(LEFT - 5, self._y(1) - 4, self._trend.high)
        canvas.drawRightString(LEFT - 5, self._y(0) - 4, self._trend.low)

    def _mark(self, canvas: Canvas, mark: ChartMark) -> None:
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1)
        canvas.setDash(*((1, 4) if mark.dotted else (6, 4)))
        canvas.line(LEFT, self._y(mark.y), self.width, self._y(mark.y))
        canvas.setDash()

    def _run(self, canvas: Canvas, points: Sequence[ChartPoint]) -> None:
        places = [self._place(point) for point in points]
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.6)
        for (left, low), (right, high) in pairwise(places):
            canvas.line(left, low, right, high)
        for point, (x, y) in zip(points, places, strict=True):
            canvas.setFillColor(PAPER if point.hollow else INK)
            canvas.circle(x, y, DOT, stroke=1, fill=1)


def title(record: MeasureRecord, _: Language) -> list[Flowable]:
    """Whose measures they are, and of when."""
    return [
        heading(_("Measures"), TITLE),
        text(shorten(record.name, 2 * LONGEST_LINE), LEAD),
        text(shorten(record.clinic_name, LONGEST_LINE), SMALL),
        text(
            _(
                "Printed on {day}. A cut-off is a reason to look closer, and no diagnosis.",
                day=_.day(record.printed_on),
            ),
            SMALL,
        ),
    ]


def trends(record: MeasureRecord, _: Language) -> list[Flowable]:
    """Every measure with its chart and its values."""
    if not record.trends:
        return [text(_("No measure was taken yet."))]
    return list(chain.from_iterable(_trend(each, _) for each in record.trends))


def _trend(trend: MeasureTrend, _: Language) -> list[Flowable]:
    """The heading stays with the chart and what it shows."""
    drawn = [TrendChart(trend)] if trend.runs else []
    hints = [text(mark.words, NOTE) for mark in trend.marks]
    words = [text(trend.words, BODY)] if trend.words else []
    return [Kept([heading(trend.label), *drawn, *words, *hints]), *(_row(row, _) for row in trend.rows)]


def _row(row: MeasureRow, _: Language) -> Flowable:
    return labelled(f"{_.day(row.on)}:", " ".join(part for part in (row.total, row.words) if part), ROW)


SECTIONS = (title, trends)


def render(record: MeasureRecord, *, paper: Paper = "letter", language: Language = US_ENGLISH) -> bytes:
    """The measures as a PDF: the same measures always give the same bytes."""
    flowables = chain.from_iterable(section(record, language) for section in SECTIONS)
    return document.write(
        list(flowables),
        title=language("Answers"),
        paper=paper,
        language=language,
        footer=record.clinic_name,
        header=(document.whose(record.name, record.birth_date, language), ""),
    )
