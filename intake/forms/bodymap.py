"""Reads the maps a patient marks: outlines of the body, and the regions that can be chosen on them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from intake.forms.errors import FormError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BEND = 0.5523  # control points of a quarter circle lie this share of the radius away


@dataclass(frozen=True, slots=True)
class Label:
    """Words in the drawing, centred on x, their foot on y."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class View:
    """One side of the body that is drawn, with its caption."""

    id: str
    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Outline:
    """A line of the drawing that cannot be chosen, as an SVG path."""

    view: str
    d: str


@dataclass(frozen=True, slots=True)
class Region:
    """A place that can be chosen: its code, plain words for it, and where it is drawn (an SVG path)."""

    code: str
    text: str
    view: str
    d: str
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class BodyMap:
    """A drawing of width x height units, y down. Left and right are the patient's own."""

    id: str
    title: str
    width: float
    height: float
    views: tuple[View, ...]
    labels: tuple[Label, ...]
    outlines: tuple[Outline, ...]
    regions: tuple[Region, ...]


@cache
def bodymap(map_id: str) -> BodyMap:
    """The map "body", "pelvis" or "clock", or "clinicclock": the same clock in the words of who examines.

    KeyError when there is no such map, FormError when its file is wrong.
    """
    try:
        return read(map_id, _source(map_id))
    except FormError as wrong:
        msg = f"{map_id}.toml: {wrong}"
        raise FormError(msg) from wrong


def _source(map_id: str) -> str:
    source = files(__package__).joinpath("maps", f"{map_id}.toml")
    if not map_id.isalpha() or not source.is_file():
        raise KeyError(map_id)
    return source.read_text(encoding="utf-8")


def regions(map_id: str) -> tuple[Region, ...]:
    """What can be chosen on a map, each with `code` and `text`, in the order they are listed."""
    return bodymap(map_id).regions


def read(map_id: str, text: str) -> BodyMap:
    """The map that a TOML text describes; FormError says what to mend."""
    try:
        found = _bodymap(map_id, _whole(tomllib.loads(text)))
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as wrong:
        msg = f"cannot be read: {wrong}"
        raise FormError(msg) from wrong
    if problems := list(_problems(found)):
        raise FormError("; ".join(problems))
    return found


def _whole(table: dict[str, Any]) -> dict[str, Any]:
    """A map that is drawn `like` another has words of its own alone: its title, and those of some regions."""
    if "like" not in table:
        return table
    drawn = tomllib.loads(_source(table["like"]))
    texts = {region["code"]: region["text"] for region in table["regions"]}
    if unknown := texts.keys() - {region["code"] for region in drawn["regions"]}:
        msg = f"there is no region {min(unknown)!r}"
        raise FormError(msg)
    named = [{**region, "text": texts.get(region["code"], region["text"])} for region in drawn["regions"]]
    return {**drawn, "title": table["title"], "regions": named}


def _bodymap(map_id: str, table: Mapping[str, Any]) -> BodyMap:
    return BodyMap(
        id=map_id,
        title=table["title"],
        width=table["width"],
        height=table["height"],
        views=tuple(View(**entry) for entry in table["views"]),
        labels=tuple(Label(**entry) for entry in table["labels"]),
        outlines=tuple(Outline(**entry) for entry in table["outlines"]),
        regions=tuple(_region(entry) for entry in table["regions"]),
    )


def _region(entry: Mapping[str, Any]) -> Region:
    shape = _circle(*entry["circle"]) if "circle" in entry else entry["d"]
    label = Label(**entry["label"]) if "label" in entry else None
    return Region(entry["code"], entry["text"], entry["view"], shape, label)


def _circle(x: float, y: float, r: float) -> str:
    """A circle as an SVG path of four quarters, so that every region is drawn the same way."""
    pull = r * BEND
    quarters = [
        (pull, -r, r, -pull, r, 0),
        (r, pull, pull, r, 0, r),
        (-pull, r, -r, pull, -r, 0),
        (-r, -pull, -pull, -r, 0, -r),
    ]
    curves = ("C " + " ".join(f"{(x, y)[at % 2] + value:g}" for at, value in enumerate(q)) for q in quarters)
    return " ".join([f"M {x:g} {y - r:g}", *curves, "Z"])


def _problems(found: BodyMap) -> Iterator[str]:
    views = {view.id for view in found.views}
    codes = [region.code for region in found.regions]
    yield from (f"region {code!r} is there twice" for code in dict.fromkeys(codes) if codes.count(code) > 1)
    for region in found.regions:
        if region.view not in views:
            yield f"region {region.code!r}: there is no view {region.view!r}"
        if not region.text.strip():
            yield f"region {region.code!r} has no text"
