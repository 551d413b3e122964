"""Outlines from bones: tapered limbs around a chain of joints, and smooth curves through points."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from intake.library.figures.shapes import Command, Point

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Joint: TypeAlias = tuple[Point, float]  # a place and the radius of the limb there

SOFTNESS = 0.9  # how far the inside of a bend is rounded, as a share of the radius
QUARTER = math.pi / 2
STRAIGHT = 1e-6  # radians; a smaller bend is none


def step(start: Point, heading: float, length: float) -> Point:
    """The point that lies `length` away; headings are degrees, 0 to the right and 90 up."""
    angle = math.radians(heading)
    return start[0] + length * math.cos(angle), start[1] - length * math.sin(angle)


def along(start: Point, direction: Point, length: float) -> Point:
    """The point `length` units from the start in a direction given as a unit vector."""
    return start[0] + direction[0] * length, start[1] + direction[1] * length


def line_to(point: Point) -> Command:
    """A straight line to the point."""
    return ("L", *point)


def curve_to(first: Point, second: Point, end: Point) -> Command:
    """A cubic curve to the end, with its two control points."""
    return ("C", *first, *second, *end)


def arc(centre: Point, radius: float, start: float, sweep: float) -> Iterator[Command]:
    """Curves clockwise around the centre, from `start` through `sweep` (radians, y down)."""
    pieces = max(1, math.ceil(sweep / QUARTER - 1e-9))
    part = sweep / pieces
    pull = radius * 4 / 3 * math.tan(part / 4)
    for piece in range(pieces):
        a, b = start + piece * part, start + (piece + 1) * part
        here = along(centre, (math.cos(a), math.sin(a)), radius)
        there = along(centre, (math.cos(b), math.sin(b)), radius)
        yield curve_to(
            along(here, (-math.sin(a), math.cos(a)), pull),
            along(there, (math.sin(b), -math.cos(b)), pull),
            there,
        )


def limb(joints: Sequence[Joint], *, lead: float = 0) -> tuple[Command, ...]:
    """The outline of a limb, open at its first joint and round at its last.

    The outline starts and ends `lead` units down the limb, so that it seems to grow out of what lies beneath.
    """
    way = [*joints, *reversed(joints[:-1])]
    normals = [_normal(a, b) for a, b in pairwise(way)]
    last = len(joints) - 1
    start = along(along(way[0][0], normals[0], way[0][1]), _ahead(normals[0]), lead)
    end = along(along(way[-1][0], normals[-1], way[-1][1]), _ahead(normals[-1]), -lead)
    commands: list[Command] = [("M", *start)]
    for index in range(1, len(way) - 1):
        room = min(math.dist(way[index][0], way[index + side][0]) for side in (-1, 1))
        turn = _round if index == last or _outer(normals, index) else _fold
        commands += turn(way[index], normals[index - 1], normals[index], room)
    return (*commands, line_to(end))


def _normal(a: Joint, b: Joint) -> Point:
    """The unit vector from either centre to the tangent line on the left of the way from a to b."""
    (ax, ay), (bx, by) = a[0], b[0]
    length = math.dist(a[0], b[0])
    ux, uy = (bx - ax) / length, (by - ay) / length
    lean = (a[1] - b[1]) / length
    rise = math.sqrt(1 - lean * lean)
    return lean * ux + rise * uy, lean * uy - rise * ux


def _ahead(normal: Point) -> Point:
    """The direction of the tangent line that has this normal on its left."""
    return -normal[1], normal[0]


def _outer(normals: Sequence[Point], index: int) -> bool:
    """Whether the left side is the outside of the bend."""
    (ax, ay), (bx, by) = normals[index - 1], normals[index]
    return ax * by - ay * bx >= 0


def _round(joint: Joint, before: Point, after: Point, _room: float) -> list[Command]:
    """Around the outside of a joint, or around the end of the limb."""
    centre, radius = joint
    start = math.atan2(before[1], before[0])
    sweep = (math.atan2(after[1], after[0]) - start) % math.tau
    first = line_to(along(centre, before, radius))
    return [first] if sweep < STRAIGHT else [first, *arc(centre, radius, start, sweep)]


def _fold(joint: Joint, before: Point, after: Point, room: float) -> list[Command]:
    """Through the inside of a bend, where the two sides meet."""
    centre, radius = joint
    spread = 1 + before[0] * after[0] + before[1] * after[1]
    shift = radius / spread
    corner = centre[0] + (before[0] + after[0]) * shift, centre[1] + (before[1] + after[1]) * shift
    used = math.dist(corner, along(centre, before, radius))
    back = max(0.0, min(SOFTNESS * radius, room - used))
    here, there = along(corner, _ahead(before), -back), along(corner, _ahead(after), back)
    return [line_to(here), curve_to(_between(here, corner), _between(there, corner), there)]


def _between(a: Point, b: Point) -> Point:
    """Two thirds of the way from a to b."""
    return a[0] + (b[0] - a[0]) * 2 / 3, a[1] + (b[1] - a[1]) * 2 / 3


def smooth(points: Sequence[Point], *, closed: bool = False) -> tuple[Command, ...]:
    """A curve through all the points (Catmull-Rom), open or closed."""
    ring = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    commands: list[Command] = [("M", *ring[1])]
    for before, here, there, after in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        first = here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6
        second = there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6
        commands.append(curve_to(first, second, there))
    return (*commands, ("Z",)) if closed else tuple(commands)


def within(point: Point, rim: Sequence[Point]) -> bool:
    """Whether the point lies inside the closed polygon (even-odd rule)."""
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in pairwise([*rim, *rim[:1]]):
        if (ay > y) != (by > y) and x < ax + (bx - ax) * (y - ay) / (by - ay):
            inside = not inside
    return inside


def slab(x: float, y: float, width: float, height: float, radius: float = 2) -> tuple[Command, ...]:
    """A box with round corners; (x, y) is its upper left corner."""
    r = min(radius, width / 2, height / 2)
    right, bottom = x + width, y + height
    commands: list[Command] = [("M", x + r, y)]
    corners = ((right - r, y + r, -1), (right - r, bottom - r, 0), (x + r, bottom - r, 1), (x + r, y + r, 2))
    for cx, cy, quarter in corners:
        start = quarter * QUARTER
        commands.append(line_to(along((cx, cy), (math.cos(start), math.sin(start)), r)))
        commands += arc((cx, cy), r, start, QUARTER)
    return (*commands, ("Z",))


def mirrored(commands: Sequence[Command], axis: float) -> tuple[Command, ...]:
    """The same outline turned over an upright line at x = axis."""
    return tuple((name, *_flip(values, axis)) for name, *values in commands)


def _flip(values: Sequence[float], axis: float) -> list[float]:
    return [2 * axis - value if place % 2 == 0 else value for place, value in enumerate(values)]
