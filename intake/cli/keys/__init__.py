"""flask keys: the root keys, and erasing records by destroying keys."""

from __future__ import annotations

from intake.cli.keys import erasing, paper, places, turning
from intake.cli.keys.group import keys

__all__ = ["erasing", "keys", "paper", "places", "turning"]
