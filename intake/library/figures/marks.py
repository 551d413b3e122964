"""What is drawn over the people: arrows for the way to move, and numbers for the order of steps."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING

from intake.library.figures.outline import smooth
from intake.library.figures.shapes import Circle, Path, Point, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ARROW_HEAD = 6.5
BADGE = 10  # radius of the ring around a step number

# Numbers are strokes, not letters, so that no medium needs a font for them.
NUMERALS: Mapping[int, tuple[Point, ...]] = MappingProxyType(
    {
        1: ((-2.8, -2.8), (0.8, -5.2), (0.8, -5.2), (0.8, 5.2)),
        2: ((-3.1, -2.8), (0, -5.3), (3.1, -2.4), (0.6, 1.8), (-3.3, 5.2), (-3.3, 5.2), (3.4, 5.2)),
    }
)


def arrow(points: Sequence[Point]) -> Iterator[Path]:
    """A curve through the points with an open head at its end."""
    yield stroke(points)
    (ax, ay), (x, y) = points[-2:]
    size = ARROW_HEAD / math.dist((ax, ay), (x, y))
    dx, dy = (x - ax) * size, (y - ay) * size
    left, right = (x - dx + dy * 0.75, y - dy - dx * 0.75), (x - dx - dy * 0.75, y - dy + dx * 0.75)
    yield Path((("M", *left), ("L", x, y), ("L", *right)), Role.MOTION)


def stroke(points: Sequence[Point]) -> Path:
    """A plain curve through the points."""
    return Path(smooth(points), Role.MOTION)


def numeral(value: int, x: float, y: float) -> Iterator[Circle | Path]:
    """The number of a step in a ring around (x, y)."""
    yield Circle(x, y, BADGE, Role.MOTION)
    yield stroke([(x + dx, y + dy) for dx, dy in NUMERALS[value]])
