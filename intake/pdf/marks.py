"""Things that are drawn: boxes to tick, bars, traffic lights, and the pictures of exercises."""

from __future__ import annotations

import math

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from intake.library.figures.shapes import Figure
from intake.pdf.figures import drawing
from intake.pdf.sheet import artifact, part
from intake.pdf.styles import INK, LINE, PAPER, SHADE, SOFT

TOP_OF_SCALE = 10
BAR_HEIGHT = 15.0
TICK = 17.0
LIGHT = 35.0


class Picture(Flowable):
    """An exercise figure, with the words a screen reader says instead."""

    def __init__(self, figure: Figure, width: float) -> None:
        super().__init__()
        self._drawing, self._alt = drawing(figure, width), figure.alt
        self.width, self.height = self._drawing.width, self._drawing.height

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        """As large as it was asked for."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it as one figure."""
        with part(self.canv, "Figure", self._alt):
            self._drawing.drawOn(self.canv, 0, 0)


class TickBox(Flowable):
    """An empty square, large enough for a pen."""

    def __init__(self) -> None:
        super().__init__()
        self.width = self.height = TICK

    def draw(self) -> None:
        """The square."""
        with artifact(self.canv):
            self.canv.setStrokeColor(INK)
            self.canv.setFillColor(PAPER)
            self.canv.setLineWidth(1.1)
            self.canv.roundRect(0.5, 0, TICK, TICK, 2, stroke=1, fill=1)


class Bar(Flowable):
    """Ten cells of a scale, the first `value` of them filled. Filled is dark: it reads without color."""

    def __init__(self, value: int, *, fill: Color = SOFT) -> None:
        super().__init__()
        self._value = min(max(value, 0), TOP_OF_SCALE)
        self._fill = fill

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        """The whole width."""
        self.width, self.height = aW, BAR_HEIGHT
        return self.width, self.height

    def draw(self) -> None:
        """The cells; the number beside them is what counts as text."""
        cell = self.width / TOP_OF_SCALE
        with artifact(self.canv):
            self.canv.setStrokeColor(LINE)
            self.canv.setLineWidth(0.7)
            for index in range(TOP_OF_SCALE):
                self.canv.setFillColor(self._fill if index < self._value else SHADE)
                self.canv.rect(index * cell, 2, cell, BAR_HEIGHT - 4, stroke=1, fill=1)


class Light(Flowable):
    """A traffic light that can be told by its shape: a circle, a triangle or an octagon."""

    def __init__(self, corners: int, color: Color) -> None:
        super().__init__()
        self._corners, self._color = corners, color
        self.width = self.height = LIGHT

    def draw(self) -> None:
        """The shape with a bold edge."""
        with artifact(self.canv):
            self.canv.setStrokeColor(INK)
            self.canv.setFillColor(self._color)
            self.canv.setLineWidth(2)
            _polygon(self.canv, self._corners)


def _polygon(canvas: Canvas, corners: int) -> None:
    """A regular polygon that fills the light; no corners: a circle."""
    middle, radius = LIGHT / 2, LIGHT / 2 - 1
    if corners == 0:
        canvas.circle(middle, middle, radius, stroke=1, fill=1)
        return
    turn = math.pi / 2 if corners % 2 else math.pi / corners
    path = canvas.beginPath()
    for corner in range(corners):
        angle = turn + 2 * math.pi * corner / corners
        move = path.lineTo if corner else path.moveTo
        move(middle + radius * math.cos(angle), middle + radius * math.sin(angle))
    path.close()
    canvas.drawPath(path, stroke=1, fill=1)
