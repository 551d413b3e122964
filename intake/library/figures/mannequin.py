"""One friendly mannequin for any body: joint headings in, rounded outlines out.

Headings are degrees on the page: 0 points right, 90 up, 180 left, 270 down. Seen from the side the mannequin
faces right when upright; lying with the head to the left (spine at 180) it therefore looks up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from intake.library.figures.outline import Joint, limb, smooth, step, within
from intake.library.figures.shapes import Command, Path, Point

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Bone: TypeAlias = tuple[float, float]  # heading, and the share of the full length that is seen

# Lengths and radii in drawing units: the mannequin stands about 155 units tall.
LEG = ((38, 11, 7.6), (36, 7.6, 4.8), (14.5, 4.8, 3.3))  # thigh, shin, foot: length, radius at start and end
ARM = ((26, 6.4, 5.0), (22, 5.0, 3.7), (9.5, 3.9, 3.1))  # upper arm, forearm, hand
SPINE = 45  # hip to shoulder
NECK = 12
HEAD = 13.5
LEG_LEAD, ARM_LEAD = 10, 3  # how far down a limb its lines may start, inside the trunk

FRONT_LEG = ((38, 9, 7.2), (36, 7.2, 4.8), (14.5, 4.8, 3.8))

# How far the trunk reaches to the front and to the back, at a height above the hip.
SIDE = (
    (-9, 7.5, 10),
    (0, 11.5, 14.5),
    (11, 13, 12),
    (22, 12.8, 10),
    (34, 12, 11),
    (43, 9.5, 11),
    (50, 5.4, 7),
    (58, 5, 5.4),
)
FRONT = (
    (-4, 15, 15),
    (2, 17.6, 17.6),
    (11, 17, 17),
    (23, 14.5, 14.5),
    (33, 16, 16),
    (41, 17, 17),
    (46, 13, 13),
    (50, 6.5, 6.5),
    (58, 5.2, 5.2),
)
SIDE_SEAT, FRONT_SEAT = -13.5, -6
HIPS, SHOULDERS = 8.9, 10.8  # from the midline, seen from the front

# The head seen from the side: degrees from where it looks, and the radius there. A nose tells where it looks.
PROFILE = (
    (-150, 1.0),
    (-115, 0.97),
    (-80, 0.98),
    (-48, 1.03),
    (-30, 1.01),
    (-15, 1.0),
    (-5, 1.1),
    (4, 1.09),
    (15, 1.0),
    (45, 1.0),
    (80, 1.02),
    (115, 1.04),
    (150, 1.04),
    (180, 1.02),
)


class View(StrEnum):
    """Where we look from."""

    SIDE = "side"
    FRONT = "front"


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the hips are and where every bone points. `far` limbs are drawn behind the trunk."""

    hip: Point
    spine: tuple[float, float]
    head: tuple[float, float]
    near_leg: tuple[Bone, ...]
    far_leg: tuple[Bone, ...]
    near_arm: tuple[Bone, ...]
    far_arm: tuple[Bone, ...]
    view: View = View.SIDE


def body(pose: Pose) -> Iterator[Path]:
    """The mannequin in that pose, from back to front. A limb without bones is out of sight."""
    spine = _spine(pose)
    trunk = _rim(pose, spine)
    leg = LEG if pose.view is View.SIDE else FRONT_LEG
    (far_arm, near_arm), (far_leg, near_leg) = _roots(pose, spine)
    yield from _limb(far_arm, pose.far_arm, ARM)
    if pose.view is View.SIDE:
        yield from _limb(far_leg, pose.far_leg, leg)
    yield Path(smooth(trunk))
    yield Path(_head(pose, spine))
    if pose.view is View.FRONT:
        yield from _limb(far_leg, pose.far_leg, leg, trunk, LEG_LEAD)
    yield from _limb(near_leg, pose.near_leg, leg, trunk, LEG_LEAD)
    yield from _limb(near_arm, pose.near_arm, ARM, trunk, ARM_LEAD)


def _limb(
    root: Point,
    bones: Sequence[Bone],
    sizes: Sequence[tuple[float, float, float]],
    trunk: Sequence[Point] = (),
    most: int = 0,
) -> Iterator[Path]:
    if not bones:
        return
    joints: list[Joint] = [(root, sizes[0][1])]
    for (heading, share), (length, _, radius) in zip(bones, sizes, strict=True):
        joints.append((step(joints[-1][0], heading, length * share), radius))
    yield Path(limb(joints, lead=_lead(joints[0], bones[0][0], trunk, most)))


def _lead(root: Joint, heading: float, trunk: Sequence[Point], most: int) -> int:
    """How far both sides of the limb still run inside the trunk: there they need no line."""
    sides = [step(root[0], heading + turn, root[1]) for turn in (-90, 90)]
    for length in range(most):
        if not all(within(step(side, heading, length + 1), trunk) for side in sides):
            return length
    return most


@dataclass(frozen=True, slots=True)
class _Spine:
    """The midline as points one unit apart, from below the seat to inside the head."""

    places: tuple[Point, ...]
    headings: tuple[float, ...]
    start: int

    def at(self, height: float) -> tuple[Point, float]:
        """The place and heading at a height above the hip."""
        index = min(max(round(height) - self.start, 0), len(self.places) - 1)
        return self.places[index], self.headings[index]

    def beside(self, height: float, offset: float) -> Point:
        """A point in front of the midline; in the front view, to the right of it on the page."""
        place, heading = self.at(height)
        return step(place, heading - 90, offset)


def _spine(pose: Pose) -> _Spine:
    lower, upper = pose.spine
    start = -14
    places, headings = [step(pose.hip, lower, start)], [lower]
    for height in range(start + 1, SPINE + NECK + 3):
        heading = _bend(height, lower, upper, pose.head[0])
        places.append(step(places[-1], heading, 1))
        headings.append(heading)
    return _Spine(tuple(places), tuple(headings), start)


def _bend(height: float, lower: float, upper: float, neck: float) -> float:
    """The heading of the spine: it turns from hip to chest, and then into the neck."""
    if height <= SPINE - 4:
        return lower + (upper - lower) * min(max(height / (SPINE - 10), 0), 1)
    return upper + (neck - upper) * min((height - SPINE + 4) / 8, 1)


def _roots(pose: Pose, spine: _Spine) -> tuple[tuple[Point, Point], tuple[Point, Point]]:
    """Where the far and near arm, and the far and near leg, are attached."""
    if pose.view is View.SIDE:
        shoulder = spine.at(SPINE - 5)[0]
        return (shoulder, shoulder), (pose.hip, pose.hip)
    return (
        (spine.beside(SPINE - 6, -SHOULDERS), spine.beside(SPINE - 6, SHOULDERS)),
        (spine.beside(0, -HIPS), spine.beside(0, HIPS)),
    )


def _rim(pose: Pose, spine: _Spine) -> list[Point]:
    """Points around the trunk, from the front of the neck down and up to the back of the neck."""
    rows, seat = (SIDE, SIDE_SEAT) if pose.view is View.SIDE else (FRONT, FRONT_SEAT)
    front = [spine.beside(height, ahead) for height, ahead, _ in rows]
    back = [spine.beside(height, -behind) for height, _, behind in rows]
    return [*reversed(front), spine.beside(seat, 0), *back]


def _head_centre(pose: Pose, spine: _Spine) -> Point:
    return step(spine.at(SPINE + NECK)[0], pose.head[1], HEAD * 0.62)


def _head(pose: Pose, spine: _Spine) -> tuple[Command, ...]:
    centre, heading = _head_centre(pose, spine), pose.head[1]
    if pose.view is View.SIDE:
        rim = [step(centre, heading - 90 + turn, HEAD * share) for turn, share in PROFILE]
    else:
        ovals = [(turn, 1 + 0.05 * math.cos(2 * math.radians(turn))) for turn in range(0, 360, 30)]
        rim = [step(centre, heading + turn, HEAD * share) for turn, share in ovals]
    return smooth(rim, closed=True)
