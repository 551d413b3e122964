"""What a screen reader says, in which order: the structure tree of a page file.

ReportLab writes no tags, so each part of the text is noted here as it is drawn, and the tree is hung up when
the file is saved (PDF 32000-1, 14.7 and 14.8). Tagged, and no more: conformance with PDF/UA is not claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Protocol

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFObject,
    PDFObjectReference,
    PDFString,
)

from intake.pdf.words import plain

ROOT, DOCUMENT, PARENTS = "reading-order", "reading-order-document", "reading-order-parents"


class Page(Protocol):
    """A page of ReportLab's: it writes the keys that are listed in `__NoDefault__`."""

    __NoDefault__: list[str]
    StructParents: int
    Tabs: object


class Catalog(Protocol):
    """The root of the file."""

    StructTreeRoot: PDFObjectReference
    MarkInfo: PDFDictionary


class File(Protocol):
    """What we use of ReportLab's document; its type stubs leave it out."""

    Catalog: Catalog
    Pages: Sequence[Page]

    def Reference(self, thing: PDFObject, name: str | None = None) -> PDFObjectReference:
        """Register an object, and point to it."""

    def thisPageRef(self) -> PDFObjectReference:
        """Point to the page being drawn."""


class ReadingOrder:
    """The parts of each page, as references to structure elements."""

    def __init__(self, document: File) -> None:
        self._document = document
        self._pages: list[list[PDFObjectReference]] = []
        self._here: list[PDFObjectReference] = []

    @property
    def page_count(self) -> int:
        """How many pages are closed."""
        return len(self._pages)

    def add(self, role: str, alt: str) -> int:
        """Note a part on the page being drawn; its number on that page is what marks the content."""
        number = len(self._here)
        entries = {
            "Type": PDFName("StructElem"),
            "S": PDFName(role),
            "P": PDFObjectReference(DOCUMENT),
            "Pg": self._document.thisPageRef(),
            "K": number,
        }
        if alt:
            entries["Alt"] = PDFString(plain(alt))
        self._here.append(self._document.Reference(PDFDictionary(entries)))
        return number

    def close_page(self, page: Page) -> None:
        """Tie the page to its parts. ReportLab writes only the keys it knows, so this page knows two more."""
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents = len(self._pages)
        page.Tabs = PDFName("S")
        self._pages.append(self._here)
        self._here = []

    def hang_up(self) -> None:
        """Give the document its structure tree."""
        catalog = self._document.Catalog
        catalog.StructTreeRoot = self._document.Reference(PDFDictionary(self._root()), ROOT)
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _root(self) -> dict[str, object]:
        parts = PDFArray(list(chain.from_iterable(self._pages)))
        element = {
            "Type": PDFName("StructElem"),
            "S": PDFName("Document"),
            "P": PDFObjectReference(ROOT),
            "K": parts,
        }
        numbers = chain.from_iterable((index, PDFArray(page)) for index, page in enumerate(self._pages))
        parents = PDFDictionary({"Nums": PDFArray(list(numbers))})
        return {
            "Type": PDFName("StructTreeRoot"),
            "K": self._document.Reference(PDFDictionary(element), DOCUMENT),
            "ParentTree": self._document.Reference(parents, PARENTS),
            "ParentTreeNextKey": len(self._pages),
        }
