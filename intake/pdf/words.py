"""The one way words reach paper: cleaned, drawable by our faces, and unable to act as markup."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from itertools import groupby
from xml.sax.saxutils import escape

from intake.pdf.fonts import REGULAR, drawn_by, register
from intake.pdf.joining import joined

PLACEHOLDER = "[?]"
ELLIPSIS = "…"

# Invisible on paper, or able to reorder it: controls, bidi marks, joiners, soft hyphens, emoji selectors.
_INVISIBLE = frozenset({"Cc", "Cf"})
_SELECTORS = frozenset(chr(code) for code in range(0xFE00, 0xFE10))
_SAME_ON_PAPER = {
    "\t": " ",
    "\r": "\n",
    "\v": "\n",
    "\f": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "\u2010": "-",
    "\u2011": "-",
}
_ALWAYS_DRAWABLE = frozenset(" \n")


def on_paper(text: str, *, bold: bool = False) -> str:
    """Paragraph markup that prints exactly these words, each in a face that has it; line breaks are kept.

    A face is named in full, since ReportLab forgets that it is inside <b> when one is named. Very long runs need no
    help here: every style breaks words that are wider than its column.
    """
    faces = drawn_by()
    runs = groupby(joined(plain(text)), key=lambda character: faces.get(ord(character), REGULAR))
    return "".join(_in_face(face, "".join(run), bold=bold) for face, run in runs).replace("\n", "<br/>")


def _in_face(face: str, run: str, *, bold: bool) -> str:
    if face == REGULAR:
        return escape(run)
    name = register()[face][int(bold)].fontName
    return f'<font name="{name}">{escape(run)}</font>'


def plain(text: str) -> str:
    """The words as they will be printed: NFC, nothing invisible, [?] where no face has a glyph."""
    faces = drawn_by()
    return "".join(_drawable(character, faces) for character in _cleaned(text)).strip()


def missing_glyphs(text: str) -> tuple[str, ...]:
    """Each character that would print as [?], once, in order of appearance."""
    faces = drawn_by()
    return tuple(dict.fromkeys(c for c in _cleaned(text) if not _has_glyph(c, faces)))


def shorten(text: str, most: int) -> str:
    """At most `most` characters on one line, with an ellipsis where the rest was: for running lines."""
    line = " ".join(plain(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + ELLIPSIS


def _cleaned(text: str) -> str:
    lines = text.replace("\r\n", "\n")
    kept = "".join(_seen(_SAME_ON_PAPER.get(character, character)) for character in lines)
    return unicodedata.normalize("NFC", kept)


def _seen(character: str) -> str:
    """The character as the eye meets it: nothing for an invisible one, a space for any kind of space."""
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category in _INVISIBLE or character in _SELECTORS:
        return ""
    return " " if category == "Zs" and character != "\u00a0" else character


def _drawable(character: str, faces: Mapping[int, str]) -> str:
    return character if _has_glyph(character, faces) else PLACEHOLDER


def _has_glyph(character: str, faces: Mapping[int, str]) -> bool:
    return character in _ALWAYS_DRAWABLE or ord(character) in faces
