"""Reads poses.toml: every figure is one person or more in a pose, with props and arrows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeAlias

from intake.library.figures.mannequin import Bone, Pose, View, body
from intake.library.figures.marks import arrow, numeral, stroke
from intake.library.figures.props import prop
from intake.library.figures.shapes import Figure, Line, Point, Shape

Table: TypeAlias = Mapping[str, Any]

LIMBS = ("near_leg", "far_leg", "near_arm", "far_arm")
MARGIN = 4  # of the ground line, at either side


@cache
def figures() -> Mapping[str, Figure]:
    """Every figure we have, by its id."""
    text = files(__package__).joinpath("poses.toml").read_text(encoding="utf-8")
    return MappingProxyType({name: figure(name, table) for name, table in tomllib.loads(text).items()})


def figure(name: str, table: Table) -> Figure:
    """The drawing that one table of poses.toml describes; KeyError names what it lacks."""
    width, height = table["size"]
    return Figure(name, table["title"], table["alt"], width, height, tuple(_shapes(table)))


def _shapes(table: Table) -> Iterator[Shape]:
    if "ground" in table:
        yield Line(MARGIN, table["ground"], table["size"][0] - MARGIN, table["ground"])
    for entry in table.get("props", ()):
        yield from prop(entry["kind"], tuple(entry["box"]), mirror=entry.get("mirror", False))
    for entry in table["people"]:
        yield from body(_pose(entry))
    yield from _marks(table)


def _marks(table: Table) -> Iterator[Shape]:
    for points in table.get("strokes", ()):
        yield stroke(_points(points))
    for points in table.get("arrows", ()):
        yield from arrow(_points(points))
    for step, (x, y) in enumerate(table.get("steps", ()), start=1):
        yield from numeral(step, x, y)


def _pose(entry: Table) -> Pose:
    limbs = {name: _bones(entry.get(name, ())) for name in LIMBS}
    hip, spine, head = (tuple(entry[key]) for key in ("hip", "spine", "head"))
    return Pose(hip=hip, spine=spine, head=head, view=View(entry.get("view", "side")), **limbs)


def _bones(values: Sequence[float | Sequence[float]]) -> tuple[Bone, ...]:
    """A bone is a heading, or a heading and the share of its length that is seen."""
    return tuple((value[0], value[1]) if isinstance(value, Sequence) else (value, 1.0) for value in values)


def _points(values: Sequence[Sequence[float]]) -> list[Point]:
    return [(x, y) for x, y in values]
