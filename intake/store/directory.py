"""Names and birth dates as they were last opened, so that a search need not open everybody's again.

Names are sealed under each patient's own key, so that destroying the key erases them; opening twenty thousand takes
too long for every search. What was opened is therefore held in the memory of the process: never for more patients than
`MOST`, each as long as its row keeps its version, and nothing once no search has come for `IDLE` seconds.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, NamedTuple

MOST: Final = 50_000
IDLE: Final = 900.0  # seconds: as long as a session of staff may rest


class Entry(NamedTuple):
    """What a search looks at: the legal name case-folded, the row's id, both names case-folded, the birth date."""

    legal_name: str
    id: uuid.UUID
    words: str
    birth_date: str


Entries = Sequence[Entry]


class _Held(NamedTuple):
    """The entries by their row, and by name."""

    by_row: Mapping[str, Entry]
    by_name: Entries


NOTHING: Final = _Held({}, ())


class Directory:
    """The entries one process holds. Threads share it; what is held is never changed, only replaced."""

    def __init__(self, most: int = MOST, idle: float = IDLE) -> None:
        self._most, self._idle = most, idle
        self._held = NOTHING
        self._used, self._timer = 0.0, False
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._held.by_name)

    def current(self, rows: frozenset[str], opened: Callable[[Collection[str]], Mapping[str, Entry]]) -> Entries:
        """An entry for each of the rows, by name.

        A row is named with its version, "id version": as long as nobody came, went or changed they are the same.
        `opened` makes the entries that are missing, {"id version": entry}.
        """
        held = self._held
        if rows != held.by_row.keys():
            held = _renewed(held.by_row, rows, opened)
            self._held = held if len(rows) <= self._most else NOTHING
        self._use()
        return held.by_name

    def _use(self) -> None:
        with self._lock:
            self._used = time.monotonic()
            if self._held.by_name and not self._timer:
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
                self._held = NOTHING


def _renewed(
    held: Mapping[str, Entry], rows: frozenset[str], opened: Callable[[Collection[str]], Mapping[str, Entry]]
) -> _Held:
    by_row = {row: held[row] for row in rows & held.keys()}
    if missing := rows - held.keys():
        by_row |= opened(missing)
    return _Held(by_row, sorted(by_row.values()))
