"""How much a test tries: little in the suite, the full figure when ABUSE=full (`make abuse`)."""

from __future__ import annotations

import os


def size(small: int, full: int) -> int:
    """`full` when the environment asks for it, else `small`."""
    return full if os.environ.get("ABUSE") == "full" else small
