"""Blocks that hold words: a frame around some, and two columns side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable
from reportlab.platypus.doctemplate import NullActionFlowable

from intake.pdf.sheet import artifact
from intake.pdf.styles import INK, PAPER

ENDLESS = 1e6
TALLEST = 560.0  # points; columns taller than this are set one below the other, so that they can be split


class Stack:
    """Flowables one below the other, measured and drawn without a page."""

    def __init__(self, content: Sequence[Flowable]) -> None:
        self.content = list(content)
        self._tops: list[float] = []

    def measure(self, width: float) -> float:
        """The height this takes at that width."""
        below, self._tops = 0.0, []
        if not self.content:
            return below
        gaps = [max(a.getSpaceAfter(), b.getSpaceBefore()) for a, b in pairwise(self.content)]
        for item, gap in zip(self.content, [*gaps, 0.0], strict=True):
            below += item.wrap(width, ENDLESS)[1]
            self._tops.append(below)
            below += gap
        return below

    def draw(self, canvas: Canvas, x: float, top: float) -> None:
        """Draw it downwards from `top`. Measure first."""
        for item, below in zip(self.content, self._tops, strict=True):
            item.drawOn(canvas, x, top - below)


class Box(Flowable):
    """A frame around words. It is never split, so what goes in must be short."""

    def __init__(
        self, content: Sequence[Flowable], *, rule: float = 1, shade: Color = PAPER, padding: float = 10
    ) -> None:
        super().__init__()
        self._stack = Stack(content)
        self._rule, self._shade, self._padding = rule, shade, padding
        self.spaceBefore = self.spaceAfter = 10

    def inside(self) -> list[Flowable]:
        """What stands in the frame."""
        return self._stack.content

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        """The whole width, and as high as its words."""
        self.width = aW
        self.height = self._stack.measure(aW - 2 * self._padding) + 2 * self._padding
        return self.width, self.height

    def draw(self) -> None:
        """The frame first, then the words."""
        with artifact(self.canv):
            self.canv.setFillColor(self._shade)
            self.canv.setStrokeColor(INK)
            self.canv.setLineWidth(self._rule)
            self.canv.roundRect(0, 0, self.width, self.height, 6, stroke=int(self._rule > 0), fill=1)
        self._stack.draw(self.canv, self._padding, self.height - self._padding)


class Columns(Flowable):
    """Columns side by side, each with its share of the width; one below the other where they are too tall."""

    def __init__(self, columns: Sequence[Sequence[Flowable]], shares: Sequence[float], *, gap: float = 14) -> None:
        super().__init__()
        self._stacks = [Stack(column) for column in columns]
        self._shares, self._gap = tuple(shares), gap
        self.spaceBefore, self.spaceAfter = 2, 4

    def inside(self) -> list[Flowable]:
        """What stands in the columns, one after the other."""
        return [item for stack in self._stacks for item in stack.content]

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        """The whole width, and as high as the tallest column."""
        widths = [aW * share - self._gap for share in self._shares]
        widths[-1] += self._gap
        self.width = aW
        self.height = max(stack.measure(width) for stack, width in zip(self._stacks, widths, strict=True))
        return self.width, self.height

    def split(self, aW: float, aH: float, /) -> list[Flowable]:
        """Nothing while the columns fit on a page; otherwise their content in one column."""
        self.wrap(aW, aH)
        if self.height <= TALLEST:
            return []
        # The first piece has to fit where the split happens, so it is one that takes no room.
        return [NullActionFlowable(), *self.inside()]

    def draw(self) -> None:
        """From left to right: that is the reading order."""
        left = 0.0
        for stack, share in zip(self._stacks, self._shares, strict=True):
            stack.draw(self.canv, left, self.height)
            left += self.width * share
