"""Turns our figures into ReportLab drawings; line weights grow and shrink with the drawing."""

from __future__ import annotations

from functools import singledispatch
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reportlab.graphics import shapes as rl
from reportlab.lib.colors import HexColor

from intake.library.figures.shapes import Circle, Figure, Line, Path, Role, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

INK, SOFT, PALE, PAPER = (HexColor(color) for color in ("#1c1c1c", "#5c5c5c", "#e4e4e4", "#ffffff"))

# Stroke widths are in the units of the figure: about 0.5 mm for a body when the figure is 40 mm wide.
STYLES: Mapping[Role, Mapping[str, Any]] = MappingProxyType(
    {
        Role.BODY: {"fillColor": PAPER, "strokeColor": INK, "strokeWidth": 2.2},
        Role.PROP: {"fillColor": PALE, "strokeColor": SOFT, "strokeWidth": 1.4},
        Role.MOTION: {"fillColor": None, "strokeColor": INK, "strokeWidth": 2.6},
        Role.GROUND: {"fillColor": None, "strokeColor": SOFT, "strokeWidth": 1.4},
    }
)


def drawing(figure: Figure, width: float) -> rl.Drawing:
    """The figure as a ReportLab drawing, `width` points wide and as high as its shape asks."""
    scale = width / figure.width
    height = figure.height * scale
    group = rl.Group(*(_drawn(shape) for shape in figure.shapes), transform=(scale, 0, 0, -scale, 0, height))
    return rl.Drawing(width, height, group)


@singledispatch
def _drawn(shape: Shape) -> rl.Shape:
    msg = f"no way to print a {type(shape).__name__}"
    raise TypeError(msg)


@_drawn.register
def _path(shape: Path) -> rl.Shape:
    """Filled even where it is open, as in SVG."""
    path = rl.Path(**STYLES[shape.role], strokeLineCap=1, strokeLineJoin=1, autoclose="svg")
    draw: Mapping[str, Callable[..., None]] = {
        "M": path.moveTo,
        "L": path.lineTo,
        "C": path.curveTo,
        "Z": path.closePath,
    }
    for name, *values in shape.commands:
        draw[name](*values)
    return path


@_drawn.register
def _circle(shape: Circle) -> rl.Shape:
    return rl.Circle(shape.x, shape.y, shape.r, **STYLES[shape.role])


@_drawn.register
def _line(shape: Line) -> rl.Shape:
    style = {key: value for key, value in STYLES[shape.role].items() if key != "fillColor"}
    return rl.Line(shape.x1, shape.y1, shape.x2, shape.y2, **style, strokeLineCap=1)
