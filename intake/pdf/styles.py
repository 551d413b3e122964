"""Type sizes and colors. Nothing is smaller than 12 points, and every color also reads in gray.

A style's `role` is what its paragraphs are in the reading order.
"""

from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

from intake.pdf.fonts import BOLD, REGULAR

INK = HexColor("#1c1c1c")
SOFT = HexColor("#4d4d4d")
LINE = HexColor("#8a8a8a")
SHADE = HexColor("#efefef")
PAPER = HexColor("#ffffff")
GREEN = HexColor("#7cc99a")
YELLOW = HexColor("#ffd95c")
RED = HexColor("#b3261e")

MARGIN = 56.0  # left and right
TOP, BOTTOM = 44.0, 50.0
SMALLEST = 12.0

BASE = ParagraphStyle(
    "base",
    fontName=REGULAR,
    fontSize=12.5,
    leading=16.5,
    textColor=INK,
    spaceAfter=4,
    bulletFontName=REGULAR,
    bulletFontSize=12.5,
    role="P",
)


def _plain(name: str, size: float, leading: float, *, bold: bool = False, after: float = 4) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        BASE,
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=leading,
        bulletFontSize=size,
        spaceAfter=after,
    )


def _heading(name: str, role: str, size: float, before: float) -> ParagraphStyle:
    parent = _plain(f"{name}-words", size, size * 1.25, bold=True, after=5)
    return ParagraphStyle(name, parent, role=role, spaceBefore=before, keepWithNext=1)


def _indented(style: ParagraphStyle, by: float) -> ParagraphStyle:
    return ParagraphStyle(f"{style.name}-item", style, leftIndent=by)


TITLE = _heading("title", "H1", 26, 0)
HEADING = _heading("heading", "H2", 17, 14)
SUBHEADING = _heading("subheading", "H3", 14.5, 13)
BOX_TITLE = _heading("box-title", "H2", 17, 0)

BODY = _plain("body", 12.5, 16.5)
ITEM = _indented(_plain("body-item", 12.5, 16.5, after=3), 18)
SMALL = _plain("small", SMALLEST, 15.5)
DETAIL = _plain("detail", SMALLEST, 15.5, after=2)
SMALL_ITEM = _indented(DETAIL, 16)
LEAD = _plain("lead", 14.5, 18, bold=True)
DOSE = _plain("dose", 14, 18)
QUOTE = ParagraphStyle("quote", _plain("quote-words", 15, 20, after=8), leftIndent=12, rightIndent=12)
NOTE = ParagraphStyle("note", SMALL, textColor=SOFT)
FOOT = ParagraphStyle("foot", NOTE, spaceAfter=0)
FOOT_RIGHT = ParagraphStyle("foot-right", FOOT, alignment=TA_RIGHT)
WARNING = ParagraphStyle("warning", FOOT_RIGHT, fontName=BOLD, textColor=INK)
CODE = ParagraphStyle("code", _plain("code-words", 30, 38, bold=True, after=0), alignment=TA_CENTER)
LINK = _plain("link", 14, 19, bold=True)
