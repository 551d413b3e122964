"""How much of a costly test is run: a part of it every time, all of it when the environment says ABUSE=full."""

from __future__ import annotations

import os
import sys


def size(small: int, full: int) -> int:
    """`full` when everything is asked for, `small` otherwise."""
    return full if os.environ.get("ABUSE") == "full" else small


def tell(line: str) -> None:
    """Say what was measured, for whoever asked for everything."""
    sys.stdout.write(f"{line}\n")
