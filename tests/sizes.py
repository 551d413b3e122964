"""How large a test makes its world: small with every change, full under `make abuse`."""

from __future__ import annotations

import os

FULL = os.environ.get("ABUSE") == "full"


def size(small: int, full: int) -> int:
    """The full size when the environment says ABUSE=full, else the small one."""
    return full if FULL else small
