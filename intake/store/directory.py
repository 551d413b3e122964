"""Names and birth dates as they were last opened, so that a search need not open everybody's again.

Names are sealed under each patient's own key, so that destroying the key erases them; opening twenty thousand takes
too long for every search. What was opened is therefore held in the memory of the process: never for more patients than
`MOST`, each as long as its row keeps its version, and nothing once no search has come for `IDLE` seconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

MOST: Final = 50_000
IDLE: Final = 900.0  # seconds: as long as a session of staff may rest


@dataclass(frozen=True, slots=True)
class Entry:
    """What a search looks at: the row's version, both names case-folded, the legal name so too, the birth date."""

    version: int
    words: str
    legal_name: str
    birth_date: str


Entries = Mapping[Any, Entry]


class Directory:
    """The entries one process holds. Threads share it; an entry is never changed, only replaced."""

    def __init__(self, most: int = MOST, idle: float = IDLE) -> None:
        self._most, self._idle = most, idle
        self._entries: Entries = {}
        self._used, self._timer = 0.0, False
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def current(self, versions: Mapping[Any, int], opened: Callable[[Collection[Any]], Entries]) -> Entries:
        """An entry for every key of `versions`; `opened` makes those that are missing or of another version."""
        held = self._entries
        stale = [key for key, version in versions.items() if key not in held or held[key].version != version]
        if stale or len(held) != len(versions):
            held = {key: held[key] for key in versions if key in held} | dict(opened(stale))
            self._entries = held if len(held) <= self._most else {}
        self._use()
        return held

    def _use(self) -> None:
        with self._lock:
            self._used = time.monotonic()
            if self._entries and not self._timer:
                self._wait(self._idle)

    def _wait(self, seconds: float) -> None:
        self._timer = True
        timer = threading.Timer(seconds, self.forget_when_idle)
        timer.daemon = True
        timer.start()

    def forget_when_idle(self) -> None:
        """Let go of everything when nobody has searched for long enough, and look again later otherwise."""
        with self._lock:
            left = self._used + self._idle - time.monotonic()
            self._timer = False
            if left > 0:
                self._wait(left)
            else:
                self._entries = {}
