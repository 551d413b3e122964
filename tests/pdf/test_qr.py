"""The square on the slip leads where it says."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest
from reportlab.graphics.barcode.qr import QrCodeWidget

from intake.pdf import document
from intake.pdf.language import US_ENGLISH
from intake.pdf.qr import LONGEST_LINK, QrCode, fits
from intake.pdf.styles import MARGIN

LINK = "https://visit.example/i/7Q4M#K7QM4T2X9HPD"
SIDE = 170.0
ZOOM = 4
QUIET = 4  # modules of white around the square


@pytest.fixture
def paper():
    """The square alone on a page, in gray."""
    content = document.write(
        [QrCode(LINK, SIDE, alt="A square")], title="Visit", paper="letter", language=US_ENGLISH, footer=""
    )
    return pdfium.PdfDocument(content)[0].render(scale=ZOOM).to_pil().convert("L")


def test_the_square_on_paper_is_the_link_module_for_module(paper):
    widget = QrCodeWidget(LINK, barLevel="M")
    widget.qr.make()
    wanted = [[bool(module) for module in row] for row in widget.qr.modules]
    left, top, right, bottom = (
        paper.crop((0, 0, paper.width, paper.height // 2)).point(lambda v: 255 * (v < 128)).getbbox()
    )
    step = (right - left) / len(wanted)
    seen = [
        [paper.getpixel((left + (x + 0.5) * step, top + (y + 0.5) * step)) < 128 for x in range(len(wanted))]
        for y in range(len(wanted))
    ]
    assert seen == wanted
    assert bottom - top == pytest.approx(right - left, abs=2)
    assert left - MARGIN * ZOOM == pytest.approx(QUIET * step, abs=3)


@pytest.mark.parametrize("link", ["", "x" * (LONGEST_LINK + 1), "https://visit.example/م"])
def test_no_square_is_drawn_for_what_a_camera_could_not_open(link):
    assert not fits(link)
    assert fits(LINK)
