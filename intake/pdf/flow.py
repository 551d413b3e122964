"""Words that flow down the page: paragraphs, headings and lists, each in its place in the reading order."""

from __future__ import annotations

from collections.abc import Iterable

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, KeepTogether, Paragraph

from intake.pdf.sheet import part
from intake.pdf.styles import BODY, HEADING, ITEM
from intake.pdf.words import on_paper, shorten

BOOKMARK_LENGTH = 80
BOOKMARK_LEVELS = {"H1": 0, "H2": 1, "H3": 2}


class Words(Paragraph):
    """A paragraph whose role in the reading order is its style's."""

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
        self._part_words_at_line_ends()
        with part(self.canv, self.style.role):
            super().draw()

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
    return Words(on_paper(words), style)


def heading(words: str, style: ParagraphStyle = HEADING) -> Words:
    """A heading, which is also a bookmark and stays with what follows it."""
    paragraph = text(words, style)
    paragraph.bookmark = shorten(words, BOOKMARK_LENGTH)
    return paragraph


def labelled(label: str, words: str, style: ParagraphStyle = BODY) -> Words:
    """A paragraph that begins with a few bold words."""
    return Words(f"<b>{on_paper(label)}</b> {on_paper(words)}", style)


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
