"""How much of a costly test is run: a part of it every time, all of it when the environment says ABUSE=full.

`make abuse` runs every test file that names this module, so a test takes part by using it.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from zlib import crc32

T, S = TypeVar("T"), TypeVar("S")
BACKENDS = ("sqlite", "postgresql")
PAGES = {"web", "journeys", "cli"}  # rooms of pages and commands
TOLD: list[str] = []  # what was measured, for the end of the run


def is_full() -> bool:
    """Whether everything is asked for."""
    return os.environ.get("ABUSE") == "full"


def size(small: int, full: int) -> int:
    """`full` when everything is asked for, `small` otherwise."""
    return full if is_full() else small


def share(every: Iterable[T], backend: str) -> list[T]:
    """All of them at full size; otherwise the half that falls to this database, so that both together try every one."""
    return list(every)[0 if is_full() else BACKENDS.index(backend) :: 1 if is_full() else len(BACKENDS)]


def paired(first: Iterable[T], second: Sequence[S]) -> list[tuple[T, S]]:
    """Each with each at full size; otherwise each of the first with one of the second, in turn."""
    if is_full():
        return [(one, other) for one in first for other in second]
    return [(one, second[place % len(second)]) for place, one in enumerate(first)]


def is_on(item: Any) -> bool:
    """Whether a test runs this time.

    Tests take turns: each runs on one of the databases, and on the other with TURN=second, what is below the pages, or
    TURN=third, pages and commands. PostgreSQL is first for half of what is below the pages, where the SQL is, and for a
    quarter of the pages: it takes twice as long. What is marked `dear` has its turn in the second. A test that asks for
    `backend` itself has parted its work between the two already.
    """
    turn = os.environ.get("TURN", "first")
    backend = getattr(getattr(item, "callspec", None), "params", {}).get("backend")
    asked = inspect.signature(item.function).parameters if hasattr(item, "function") else {}
    if is_full():
        return turn == "first"
    if item.get_closest_marker("dear"):
        return turn == "second"
    is_page = bool(PAGES & set(item.path.parts))
    if backend is None or "backend" in asked or backend == _first(item.nodeid.replace(backend, ""), is_page=is_page):
        return turn == "first"
    return turn == ("third" if is_page else "second")


def _first(name: str, *, is_page: bool) -> str:
    return "sqlite" if crc32(name.encode()) % (4 if is_page else 2) else "postgresql"


def tell(line: str) -> None:
    """Say what was measured, for whoever asked for everything."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0].removeprefix("tests/").removesuffix(".py")
    TOLD.append(f"{test}: {line}")
