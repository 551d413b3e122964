"""A tiny drawing language: what a figure is made of, with the y axis pointing down as in SVG."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

Point: TypeAlias = tuple[float, float]
Command: TypeAlias = tuple[str, *tuple[float, ...]]


class Role(StrEnum):
    """What a shape stands for; each medium decides how that looks."""

    BODY = "body"
    PROP = "prop"
    MOTION = "motion"
    GROUND = "ground"


@dataclass(frozen=True, slots=True)
class Path:
    """Lines and curves: ("M", x, y), ("L", x, y), ("C", x1, y1, x2, y2, x, y), ("Z",).

    An open path is filled like a closed one but has no line across its gap: so a limb joins a body.
    """

    kind: ClassVar[str] = "path"
    commands: tuple[Command, ...]
    role: Role = Role.BODY

    @property
    def d(self) -> str:
        """The value of the SVG `d` attribute."""
        return path_data(self)


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle around (x, y)."""

    kind: ClassVar[str] = "circle"
    x: float
    y: float
    r: float
    role: Role = Role.BODY


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    kind: ClassVar[str] = "line"
    x1: float
    y1: float
    x2: float
    y2: float
    role: Role = Role.GROUND


Shape: TypeAlias = Path | Circle | Line


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing in a box of width x height units, with what a screen reader says instead of it."""

    id: str
    title: str
    alt: str
    width: float
    height: float
    shapes: tuple[Shape, ...]


def number(value: float) -> str:
    """At most two decimals, without idle zeros: one spelling for one place."""
    return f"{round(value, 2) + 0:g}"


def path_data(path: Path) -> str:
    """The path as the value of an SVG `d` attribute."""
    return " ".join(" ".join((name, *map(number, values))) for name, *values in path.commands)
