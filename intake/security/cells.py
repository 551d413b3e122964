"""A table as CSV (RFC 4180) that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

STARTS = tuple("=+-@\t\r\n|%")  # what makes a cell a formula or a command somewhere; a blank before it may be dropped


def table(rows: Iterable[Sequence[str]]) -> str:
    """The rows as text, every cell in quotes; an apostrophe goes before what would be worked out instead of shown."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return written.getvalue()


def plain(cell: str) -> str:
    """The cell as words: no NUL, no formula."""
    cell = cell.replace("\0", "")
    return f"'{cell}" if cell.lstrip(" \u00a0\ufeff").startswith(STARTS) else cell
