"""The faces pages are set in, embedded so that the paper looks the same everywhere.

Latin, Greek and Cyrillic are set in the house's own face. What it lacks is looked for in the faces beside this module
(intake/pdf/faces, each with its license): Hebrew, Arabic, and pictures. Chinese, Japanese and Korean are set in a face
of the system where there is one, because it is large.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from font_source_sans_pro import font_files_ttf
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont

from intake.pdf import joining

REGULAR = "SourceSansPro"
BOLD = "SourceSansProBold"
FOLDER = Path(__file__).with_name("faces")
# Debian: fonts-droid-fallback.
OF_THE_SYSTEM = Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf")
EAST_ASIAN = (range(0x2E80, 0xA000), range(0xAC00, 0xD7A4), range(0xF900, 0xFB00), range(0xFF00, 0xFFF0))
TO_UNICODE = "toUnicodeCMap:"


@dataclass(frozen=True, slots=True)
class Face:
    """A face for what the house's own lacks: its file, that of its bold where it has one, and what it is used for."""

    name: str
    file: Path
    bold: Path | None = None
    blocks: tuple[range, ...] = ()


OTHERS = (
    Face("NotoSansHebrew", FOLDER / "NotoSansHebrew-Regular.ttf", FOLDER / "NotoSansHebrew-Bold.ttf"),
    Face("NotoSansArabic", FOLDER / "NotoSansArabic-Regular.ttf", FOLDER / "NotoSansArabic-Bold.ttf"),
    Face("NotoEmoji", FOLDER / "NotoEmoji-Regular.ttf"),
    Face("DroidSansFallback", OF_THE_SYSTEM, blocks=EAST_ASIAN),
)


class Written(TTFont):
    """A face that says in the file what was written, not which shapes were drawn: for searching and reading aloud."""

    def addObjects(self, doc: PDFDocument) -> None:
        """ReportLab's objects; what each code stands for is put right: shapes of letters, and what takes 17 bits."""
        known = set(doc.idToObject)
        super().addObjects(doc)
        for name in doc.idToObject.keys() - known:
            if name.startswith(TO_UNICODE):
                stream: Any = doc.idToObject[name]
                stream.content = re.sub(r"(?<=> <)[0-9A-F]{4,6}(?=>)", _written, stream.content)


def _written(code: re.Match[str]) -> str:
    """Two letters in one shape the other way round: readers turn what runs to the left letter by letter."""
    character = chr(int(code[0], 16))
    return joining.letters().get(character, character)[::-1].encode("utf-16-be", "surrogatepass").hex().upper()


@cache
def register() -> dict[str, tuple[TTFont, TTFont]]:
    """Make all faces known to ReportLab, so that <b> finds the bold ones: {name: (regular, bold)}, ours first."""
    own = (TTFont(REGULAR, font_files_ttf[REGULAR]), TTFont(BOLD, font_files_ttf[BOLD]))
    found = {REGULAR: own} | {face.name: _loaded(face) for face in OTHERS if face.file.exists()}
    for name, (regular, bold) in found.items():
        for font in {regular, bold}:
            registerFont(font)
        registerFontFamily(name, normal=name, bold=bold.fontName, italic=name, boldItalic=bold.fontName)
    return found


def _loaded(face: Face) -> tuple[TTFont, TTFont]:
    regular = Written(face.name, str(face.file))
    return regular, Written(f"{face.name}Bold", str(face.bold)) if face.bold else regular


@cache
def names() -> frozenset[str]:
    """The names of every face that is embedded."""
    return frozenset(font.fontName for pair in register().values() for font in pair)


@cache
def drawn_by() -> dict[int, str]:
    """{code point: the face that draws it, regular and bold}; ours wherever it can."""
    found: dict[int, str] = {}
    for name, (regular, bold) in reversed(register().items()):
        codes = frozenset(regular.face.charToGlyph) & frozenset(bold.face.charToGlyph)
        found |= dict.fromkeys(filter(_uses(name), codes), name)
    return found


def _uses(name: str) -> Callable[[int], bool]:
    """Which of its characters a face is used for: a letter of Arabic only where all its shapes are known."""
    blocks = next((face.blocks for face in OTHERS if face.name == name), ())
    if blocks:
        return lambda code: any(code in block for block in blocks)
    return lambda code: code not in joining.ARABIC or joining.is_joined(chr(code))
