"""The pelvic girdle: the active straight leg raise, and what pain provocation tests add up to.

The active straight leg raise is rated by the patient, 0 (not difficult) to 5 (unable) a leg, so 0 to 10 in all
(Mens et al., Spine 2001;26:1167-1171). P4 and the thigh thrust are one test and count once. A test that was not done
is neither positive nor negative: what it could change is then not said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

HARDEST = 5
P4 = "p4"
SACROILIAC = ("p4", "faber", "gaenslen", "compression", "distraction", "sacral-thrust")
OTHERS = (
    "faber",
    "gaenslen",
    "compression",
    "distraction",
    "sacral-thrust",
    "long-dorsal",
    "symphysis",
    "trendelenburg",
)
RAISED = 3  # of the sacroiliac tests


@dataclass(frozen=True, slots=True)
class Girdle:
    """Whether girdle pain is likely (None: not enough was tested), and how many sacroiliac tests are positive."""

    likely: bool | None
    positive: int
    tested: int

    @property
    def raised(self) -> bool:
        """Whether so many are positive that sacroiliac pain becomes more probable."""
        return self.positive >= RAISED


def total(left: int | None, right: int | None) -> int | None:
    """The active straight leg raise, 0 to 10; None unless both legs were rated within the scale."""
    if left is None or right is None or not (0 <= left <= HARDEST and 0 <= right <= HARDEST):
        return None
    return left + right


def change(plain: int | None, aided: int | None) -> int | None:
    """How much less difficult compression makes it: below zero is easier. None unless both totals are known."""
    return None if plain is None or aided is None else aided - plain


def cluster(raise_total: int | None, tests: Mapping[str, bool | None]) -> Girdle:
    """P4, the active straight leg raise and one test more: together they make girdle pain likely.

    `tests` are positive on either side (True), negative (False), or not tested (None, or left out).
    """
    sacroiliac = [tests.get(name) for name in SACROILIAC]
    return Girdle(
        _likely(raise_total, [tests.get(P4)], [tests.get(name) for name in OTHERS]),
        sacroiliac.count(True),
        sum(result is not None for result in sacroiliac),
    )


def _likely(raise_total: int | None, p4: list[bool | None], others: list[bool | None]) -> bool | None:
    signs = (_any(p4), None if raise_total is None else raise_total > 0, _any(others))
    if False in signs:
        return False
    return None if None in signs else True


def _any(results: list[bool | None]) -> bool | None:
    """Whether one is positive; None while one that was not done could be."""
    if True in results:
        return True
    return None if None in results else False
