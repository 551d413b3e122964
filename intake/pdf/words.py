"""The one way words reach paper: cleaned, drawable by our font, and unable to act as markup."""

from __future__ import annotations

import unicodedata
from xml.sax.saxutils import escape

from intake.pdf.fonts import covered

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


def on_paper(text: str) -> str:
    """Paragraph markup that prints exactly these words; line breaks are kept.

    Very long runs need no help here: every style breaks words that are wider than its column.
    """
    return escape(plain(text)).replace("\n", "<br/>")


def plain(text: str) -> str:
    """The words as they will be printed: NFC, nothing invisible, [?] where the font has no glyph."""
    glyphs = covered()
    return "".join(_drawable(character, glyphs) for character in _cleaned(text)).strip()


def missing_glyphs(text: str) -> tuple[str, ...]:
    """Each character that would print as [?], once, in order of appearance."""
    glyphs = covered()
    return tuple(dict.fromkeys(c for c in _cleaned(text) if not _has_glyph(c, glyphs)))


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


def _drawable(character: str, glyphs: frozenset[int]) -> str:
    return character if _has_glyph(character, glyphs) else PLACEHOLDER


def _has_glyph(character: str, glyphs: frozenset[int]) -> bool:
    return character in _ALWAYS_DRAWABLE or ord(character) in glyphs
