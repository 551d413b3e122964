"""Words that flow down the page: paragraphs, headings and lists, each in its place in the reading order."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph

from intake.pdf import direction
from intake.pdf.fonts import BOLD
from intake.pdf.sheet import part
from intake.pdf.styles import BODY, HEADING, ITEM
from intake.pdf.words import on_paper, shorten

BOOKMARK_LENGTH = 80
BOOKMARK_LEVELS = {"H1": 0, "H2": 1, "H3": 2}
TALL = 230.0  # points, a third of a page; a taller block may go over the end of a page
AS_LIST = 3  # lines before the last two: fewer are no list
BEGINNING = 110.0  # points of it that have to fit before that end


class Line(Paragraph):
    """A paragraph whose letters are drawn in their order, also where they run from right to left."""

    is_own = False  # whether the words are somebody's own: those run in the direction in which they begin

    def put_in_order(self) -> None:
        """Turn what runs to the left. Lines of a text that does stand on the right."""
        broken = vars(self)["blPara"]
        written = _written(broken)
        if direction.runs_to_the_left(written):
            level = direction.base(written) if self.is_own else 0
            _put_in_order(broken, level)
            if level and len(broken.lines) > 1:
                self.style = self.style.clone(f"{self.style.name}-left", alignment=TA_RIGHT)

    def draw(self) -> None:
        """Put the letters of each line in their order, then draw them."""
        self.put_in_order()
        super().draw()


def _written(broken: Any) -> str:
    if broken.kind == 0:
        return " ".join(word for _extra, words in broken.lines for word in words)
    return "".join(piece.text for line in broken.lines for piece in line.words)


def _put_in_order(broken: Any, level: int) -> None:
    """Lines of one face are lists of words, others lists of pieces, each in a face and weight."""
    if broken.kind == 0:
        broken.lines[:] = [(extra, _turned(" ".join(words), level).split(" ")) for extra, words in broken.lines]
        return
    for line in broken.lines:
        letters = [(letter, piece) for piece in line.words for letter in piece.text]
        seen = direction.visual("".join(letter for letter, _piece in letters), level)
        drawn = [(look, letters[place][1]) for place, look in seen]
        line.words = [
            piece.clone(text="".join(look for look, _piece in run)) for run in _runs(drawn) for piece in (run[0][1],)
        ]


def _turned(line: str, level: int) -> str:
    return "".join(look for _place, look in direction.visual(line, level))


def _runs(drawn: list[tuple[str, Any]]) -> list[list[tuple[str, Any]]]:
    return [list(run) for _piece, run in groupby(drawn, key=lambda each: id(each[1]))]


class Words(Line):
    """A paragraph whose role in the reading order is its style's."""

    is_own = True
    bookmark = ""  # set on headings; a heading so long that it is split loses it
    _wrapped_at: float | None = None

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        """The size at that width. Blocks ask several times, and breaking lines is most of the work."""
        if self._wrapped_at != aW or "blPara" not in vars(self):  # a split throws the lines away
            super().wrap(aW, aH)
            self._wrapped_at = aW
        return self.width, self.height

    def draw(self) -> None:
        """Draw the lines, and the bookmark if there is one."""
        if self.bookmark:
            self._add_bookmark()
        self.put_in_order()
        self._part_words_at_line_ends()
        with part(self.canv, self.style.role):
            Paragraph.draw(self)

    def _add_bookmark(self) -> None:
        x, y = self.canv.absolutePosition(0, 0)
        key = f"place-{self.canv.getPageNumber()}-{x:.0f}-{y:.0f}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(self.bookmark, key, BOOKMARK_LEVELS[self.style.role])

    def _part_words_at_line_ends(self) -> None:
        """ReportLab drops the space where a line breaks, and a reader would run two words together."""
        broken = vars(self)["blPara"]
        lines = broken.lines[:-1]
        if broken.kind == 0:
            broken.lines[:-1] = [(extra, [*words, ""]) for extra, words in lines]
        else:
            for line in lines:
                line.words[-1].text += " "


def text(words: str, style: ParagraphStyle = BODY) -> Words:
    """A paragraph of plain words."""
    return Words(on_paper(words, bold=style.fontName == BOLD), style)


def heading(words: str, style: ParagraphStyle = HEADING) -> Words:
    """A heading, which is also a bookmark and stays with what follows it."""
    paragraph = text(words, style)
    paragraph.bookmark = shorten(words, BOOKMARK_LENGTH)
    return paragraph


def labelled(label: str, words: str, style: ParagraphStyle = BODY, number: str = "") -> Words:
    """A paragraph that begins with a few bold words, and before them with a number where there is one."""
    return Words(f"<b>{on_paper(label, bold=True)}</b> {on_paper(words)}", style, bulletText=number or None)


def bullets(items: Iterable[str], style: ParagraphStyle = ITEM) -> list[Flowable]:
    """A list with dots. Items without words are left out."""
    return [Words(on_paper(item), style, bulletText="•") for item in items if item.strip()]


def numbered(items: Iterable[str], style: ParagraphStyle = ITEM) -> list[Flowable]:
    """A list with numbers. Items without words are left out."""
    kept = (item for item in items if item.strip())
    return [Words(on_paper(item), style, bulletText=f"{place}.") for place, item in enumerate(kept, 1)]


def together(content: Iterable[Flowable]) -> list[Flowable]:
    """One block that moves to the next page as a whole, unless it is taller than a page."""
    return [KeepTogether(list(content))]


class Kept(KeepTogether):
    """A block that stays on one page while it is short, so that little is left blank; a tall one is split with care.

    Its first lines stay together, and so do its last two; between them it breaks from one line to the next.
    """

    _H: float  # ReportLab's, and so are the other names
    _content: list[Flowable]

    def split(self, aW: float, aH: float) -> list[Flowable]:
        """The block as a whole, or its parts where it is tall."""
        if self._H <= TALL or len(self._content) <= 1:
            return super().split(aW, aH)
        body, end = self._content[:-2], self._content[-2:]
        last = [KeepTogether(end)] if len(body) >= AS_LIST else end
        return [CondPageBreak(BEGINNING), *body, *last]
