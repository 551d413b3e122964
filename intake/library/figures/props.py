"""What people lie, sit and lean on: each prop fills a box given by its upper left corner and its size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from intake.library.figures.outline import mirrored, slab, smooth
from intake.library.figures.shapes import Command, Path, Role

Outline: TypeAlias = tuple[Command, ...]
Draw: TypeAlias = Callable[[float, float, float, float], Iterable[Outline]]

BOARD = 4  # how thick seats, backs and legs are


def mat(x: float, y: float, width: float, height: float) -> Iterable[Outline]:
    """A thin mat, seen from its edge."""
    yield slab(x, y, width, height, height / 2)


def block(x: float, y: float, width: float, height: float) -> Iterable[Outline]:
    """A plain box: a step, a thick book, a wall seen from its edge."""
    yield slab(x, y, width, height)


def pillow(x: float, y: float, width: float, height: float) -> Iterable[Outline]:
    """A soft pillow, a little fuller in the middle."""
    right, bottom, inset, puff = x + width, y + height, min(width, height) * 0.16, width * 0.12
    corners = [
        (x, y + inset),
        (x + puff, y + inset * 0.6),
        (x + width / 2, y),
        (right - puff, y + inset * 0.6),
        (right, y + inset),
        (right - inset * 0.5, y + height / 2),
        (right, bottom - inset),
        (right - puff, bottom - inset * 0.3),
        (x + width / 2, bottom),
        (x + puff, bottom - inset * 0.3),
        (x, bottom - inset),
        (x + inset * 0.5, y + height / 2),
    ]
    yield smooth(corners, closed=True)


def stool(x: float, y: float, width: float, height: float) -> Iterable[Outline]:
    """A low stool with two legs."""
    for leg in (x + BOARD, x + width - 2 * BOARD):
        yield slab(leg, y + BOARD / 2, BOARD, height - BOARD / 2)
    yield slab(x, y, width, BOARD + 1)


def chair(x: float, y: float, width: float, height: float) -> Iterable[Outline]:
    """A sturdy chair from the side with its back to the left; the seat is at half its height."""
    seat = y + height * 0.5
    yield slab(x + width - BOARD - 2, seat + 1, BOARD, y + height - seat - 1)
    yield slab(x, y, BOARD, height)
    yield slab(x, seat, width, BOARD + 1)


def bed(x: float, y: float, width: float, height: float) -> Iterable[Outline]:
    """A mattress on a frame with two feet."""
    for leg in (x + 6, x + width - 12):
        yield slab(leg, y + height - 10, 6, 10)
    yield slab(x, y + height * 0.5, width, height * 0.3)
    yield slab(x, y, width, height * 0.5, 6)


def toilet(x: float, y: float, width: float, height: float) -> Iterable[Outline]:
    """A toilet from the side with its tank to the left; the seat is halfway up."""
    seat, bottom = y + height * 0.5, y + height
    lip, foot, heel = x + width * 0.95, x + width * 0.72, x + width * 0.28
    yield (
        ("M", x + width * 0.3, seat),
        ("L", lip, seat),
        ("C", lip, y + height * 0.85, x + width * 0.55, y + height * 0.6, foot, bottom),
        ("L", heel, bottom),
        ("C", heel, bottom, x + width * 0.34, y + height * 0.75, x + width * 0.3, seat),
        ("Z",),
    )
    yield slab(x, y, width * 0.26, height * 0.56, 3)
    yield slab(x + width * 0.22, seat - 2, width * 0.78, BOARD)


PROPS: Mapping[str, Draw] = MappingProxyType(
    {draw.__name__: draw for draw in (mat, block, pillow, stool, chair, bed, toilet)}
)


def prop(kind: str, box: tuple[float, float, float, float], *, mirror: bool = False) -> Iterable[Path]:
    """The outlines of one prop in a box (x, y, width, height); KeyError when there is no such prop."""
    axis = box[0] + box[2] / 2
    for outline in PROPS[kind](*box):
        yield Path(mirrored(outline, axis) if mirror else outline, Role.PROP)
