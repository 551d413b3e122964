"""How much of a costly test is run: a part of it every time, all of it when the environment says ABUSE=full.

`make abuse` runs every test file that names this module, so a test takes part by using it.
"""

from __future__ import annotations

import os

TOLD: list[str] = []  # what was measured, for the end of the run


def is_full() -> bool:
    """Whether everything is asked for."""
    return os.environ.get("ABUSE") == "full"


def size(small: int, full: int) -> int:
    """`full` when everything is asked for, `small` otherwise."""
    return full if is_full() else small


def tell(line: str) -> None:
    """Say what was measured, for whoever asked for everything."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0].removeprefix("tests/").removesuffix(".py")
    TOLD.append(f"{test}: {line}")
