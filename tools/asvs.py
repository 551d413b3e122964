"""docs/asvs.md, written from docs/asvs.toml: each requirement of ASVS 5.0.0 taken on here, and the test that proves it.

A requirement without a test is open, whatever the code does: `why` says what is missing.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA, PAGE = ROOT / "docs" / "asvs.toml", ROOT / "docs" / "asvs.md"
LEVELS = (1, 2, 3)
HEAD = """# Security requirements

This page is made from `docs/asvs.toml` by `make asvs`; a test says when it is stale, and when it names a test that is
not there. It goes through the OWASP Application Security Verification Standard 5.0.0, all levels, in our own words.

**Met** means: the code does it, and the tests named here would fail if it did not. Nothing else counts. A requirement
that the code may well meet, but that no test proves, is **open**, with what is missing.

Nobody outside the project has checked this page. It claims no certification.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement. `tests` are pytest's names, file::function; without one `why` says what is missing."""

    id: str
    level: int
    asks: str
    how: str
    tests: tuple[str, ...] = ()
    why: str = ""

    @property
    def place(self) -> tuple[int, ...]:
        """Its number as numbers: 1.2.10 comes after 1.2.9."""
        return tuple(int(part) for part in self.id.split("."))


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything the page says. `left_out` are (how many, which, why)."""

    rows: tuple[Row, ...]
    chapters: dict[int, str]
    left_out: tuple[tuple[int, str, str], ...]


def read(path: Path = DATA) -> Catalog:
    """The catalog of a file."""
    found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = tuple(Row(**{**row, "tests": tuple(row["tests"])}) for row in found["row"])
    chapters = {int(number): title for number, title in found["chapters"].items()}
    return Catalog(rows, chapters, tuple((each["number"], each["which"], each["why"]) for each in found["left_out"]))


# ---------------------------------------------------------------- what can be wrong with it


def faults(rows: Iterable[Row], root: Path = ROOT) -> Iterator[str]:
    """Everything that is wrong with the rows."""
    before: tuple[int, ...] = ()
    for row in rows:
        if row.place <= before:
            yield f"{row.id} stands twice or out of order"
        before = max(before, row.place)
        yield from _of_row(row, root)


def _of_row(row: Row, root: Path) -> Iterator[str]:
    if row.level not in LEVELS or not row.asks or not row.how:
        yield f"{row.id} lacks its level, what it asks or how it is met"
    if bool(row.tests) == bool(row.why):
        yield f"{row.id} is met or open: it needs tests or the reason there is none, not both"
    if len(set(row.tests)) != len(row.tests):
        yield f"{row.id} names a test twice"
    yield from (f"{row.id} names {node}, which is not there" for node in row.tests if not is_there(node, root))


def is_there(node: str, root: Path = ROOT) -> bool:
    """Whether pytest would find file::function, or file::class::function. The file is read, not run."""
    file, *inside = node.split("::")
    path = root / file
    return bool(inside) and path.is_file() and "::".join(inside) in _tests(path)


@cache
def _tests(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    own = {each.name for each in tree.body if isinstance(each, functions)}
    classes = [each for each in tree.body if isinstance(each, ast.ClassDef)]
    nested = {f"{each.name}::{one.name}" for each in classes for one in each.body if isinstance(one, functions)}
    return frozenset(name for name in own | nested if name.rpartition("::")[2].startswith("test_"))


# ---------------------------------------------------------------- the page


def page(catalog: Catalog) -> str:
    """The whole page, as Markdown."""
    parts = [HEAD, _counts(catalog.rows), _open(catalog.rows), _left_out(catalog)]
    for number, title in catalog.chapters.items():
        mine = [row for row in catalog.rows if row.place[0] == number]
        parts.append(f"## {number}. {title}\n\n{_table(('Requirement', 'How', 'Proof'), map(_cells, mine))}")
    return "\n".join(parts)


def _counts(rows: Iterable[Row]) -> str:
    everything = list(rows)
    lines = []
    for name, levels in (*((f"Level {level}", {level}) for level in LEVELS), ("All", set(LEVELS))):
        mine = [row for row in everything if row.level in levels]
        met = sum(bool(row.tests) for row in mine)
        lines.append((name, str(met), str(len(mine) - met), str(len(mine))))
    return _table(("", "Met", "Open", "Taken on"), lines)


def _open(rows: Iterable[Row]) -> str:
    waiting = {level: [row.id for row in rows if row.level == level and not row.tests] for level in LEVELS}
    lines = [f"- Level {level}: {', '.join(ids) or 'none'}\n" for level, ids in waiting.items()]
    return "Open are:\n\n" + "".join(lines)


def _left_out(catalog: Catalog) -> str:
    number = sum(each for each, _which, _why in catalog.left_out)
    head = f"Of the standard's {len(catalog.rows) + number} requirements, {number} are not listed below:\n"
    return head + "\n" + "".join(f"- **{each}: {which}.** {why}\n" for each, which, why in catalog.left_out)


def _cells(row: Row) -> tuple[str, str, str]:
    proof = "<br>".join(f"`{node}`" for node in row.tests) if row.tests else f"**Open.** {row.why}"
    return f"**{row.id}** (level {row.level}) {row.asks}", row.how, proof


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(read()), encoding="utf-8")
