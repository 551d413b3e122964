"""How much a test tries: little in the suite, everything where the environment says ABUSE=full."""

from __future__ import annotations

import os


def size(small: int, full: int) -> int:
    """`full` where the environment says ABUSE=full, else `small`."""
    return full if os.environ.get("ABUSE") == "full" else small
