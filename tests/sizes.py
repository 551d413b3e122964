"""How much a test tries: little in every run, the full figure when the environment says ABUSE=full."""

from __future__ import annotations

import os


def size(small: int, full: int) -> int:
    """`full` when ABUSE=full, else `small`."""
    return full if os.environ.get("ABUSE") == "full" else small
