"""The two faces every page is set in, embedded so that the paper looks the same everywhere."""

from __future__ import annotations

from functools import cache

from font_source_sans_pro import font_files_ttf
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "SourceSansPro"
BOLD = "SourceSansProBold"
FACES = (REGULAR, BOLD)


@cache
def register() -> tuple[TTFont, ...]:
    """Make both faces known to ReportLab, so that <b> finds the bold one. Repeating it costs nothing."""
    loaded = tuple(TTFont(name, font_files_ttf[name]) for name in FACES)
    for font in loaded:
        registerFont(font)
    registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return loaded


@cache
def covered() -> frozenset[int]:
    """Code points that both faces can draw."""
    regular, bold = (frozenset(font.face.charToGlyph) for font in register())
    return regular & bold
