"""A square that a phone camera reads."""

from __future__ import annotations

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.platypus import Flowable

from intake.pdf.sheet import part

LONGEST_LINK = 600  # longer links make squares too fine for an ordinary printer


class QrCode(Flowable):
    """The square for a link, `side` points wide with its quiet zone."""

    def __init__(self, link: str, side: float, *, alt: str) -> None:
        super().__init__()
        self.width = self.height = side
        self._alt = alt
        self._drawing = _square(link, side)

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        """As large as it was asked for."""
        return self.width, self.height

    def draw(self) -> None:
        """The square as one figure."""
        with part(self.canv, "Figure", self._alt):
            self._drawing.drawOn(self.canv, 0, 0)


def fits(link: str) -> bool:
    """Whether the link is there, plain ASCII as links are, and short enough to be read from paper."""
    return link.isascii() and 0 < len(link) <= LONGEST_LINK


def _square(link: str, side: float) -> Drawing:
    widget = QrCodeWidget(link, barLevel="M", barWidth=side, barHeight=side)
    drawing = Drawing(side, side)
    drawing.add(widget)
    return drawing
