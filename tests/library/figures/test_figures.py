"""The exercise figures: complete, inside their box, on the ground, described, and drawn as plain SVG."""

import re
from pathlib import Path as File
from xml.etree import ElementTree as ET

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from intake.library.figures.marks import arrow, numeral
from intake.library.figures.outline import limb, smooth, within
from intake.library.figures.poses import figure, figures
from intake.library.figures.props import PROPS, prop
from intake.library.figures.shapes import Circle, Line, Path, Role, path_data
from intake.library.reader import exercises

TEMPLATES = File(__file__).parents[3] / "templates"
EVERY = pytest.mark.parametrize("drawn", figures().values(), ids=figures().keys())
NAMED = {
    "belly-breathing",
    "childs-pose",
    "happy-baby",
    "supported-squat",
    "legs-on-chair",
    "floor-lift-lying",
    "floor-lift-sitting",
    "floor-lift-standing",
    "heel-slide",
    "bridge",
    "side-leg-lift",
    "clamshell",
    "cat-cow",
    "sit-to-stand",
    "wall-squat",
    "calf-raise",
    "log-roll",
    "toilet-posture",
}


def places(shape):
    """Points that enclose the shape: a curve stays within its control points."""
    match shape:
        case Path():
            return [pair for _, *v in shape.commands for pair in zip(v[::2], v[1::2], strict=True)]
        case Circle():
            return [(shape.x - shape.r, shape.y - shape.r), (shape.x + shape.r, shape.y + shape.r)]
        case Line():
            return [(shape.x1, shape.y1), (shape.x2, shape.y2)]


@pytest.fixture(scope="module")
def draw():
    room = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    room.filters["translated"] = str
    return room.get_template("macros/figure.html").module.figure


def test_every_promised_figure_is_there():
    assert set(figures()) >= NAMED


def test_every_exercise_with_a_figure_names_one_that_exists():
    assert {exercise.figure for exercise in exercises().values() if exercise.figure} <= set(figures())


@EVERY
def test_a_figure_stays_inside_its_box(drawn):
    for x, y in (place for shape in drawn.shapes for place in places(shape)):
        assert 1 <= x <= drawn.width - 1
        assert 1 <= y <= drawn.height - 1


@EVERY
def test_a_person_rests_on_the_ground_or_on_what_stands_there(drawn):
    ground = max(place[1] for shape in drawn.shapes if shape.role is Role.GROUND for place in places(shape))
    body = [y for shape in drawn.shapes if shape.role is Role.BODY for _, y in places(shape)]
    props = [y for shape in drawn.shapes if shape.role is Role.PROP for _, y in places(shape)]
    assert max(body) <= ground + 1
    assert max(body + props) >= ground - 6


@EVERY
def test_a_figure_is_described_in_short_sentences(drawn):
    assert drawn.title
    assert re.match(r"(A person|Two steps)", drawn.alt)
    assert all(len(sentence.split()) <= 15 for sentence in drawn.alt.split("."))


@EVERY
def test_a_figure_becomes_an_image_with_a_name_and_no_styles(drawn, draw):
    svg = ET.fromstring(str(draw(drawn)))
    assert svg.get("role") == "img"
    assert svg.findtext("title") == drawn.alt
    assert len(svg) == len(drawn.shapes) + 1
    assert {mark.get("class") for mark in svg[1:]} <= {"fig-body", "fig-prop", "fig-motion", "fig-ground"}
    assert not any("style" in mark.attrib for mark in svg.iter())


def test_path_data_is_short_and_has_one_spelling_for_zero():
    path = Path((("M", 0, -0.001), ("C", 1.5, 2, 3.14159, 4, 5, 120), ("Z",)))
    assert path_data(path) == "M 0 0 C 1.5 2 3.14 4 5 120 Z"
    assert path.d == path_data(path)


def test_a_limb_is_open_where_it_joins_the_body_and_round_at_its_end():
    outline = limb([((0, 0), 4), ((20, 0), 4)])
    assert outline[0] == ("M", 0, -4)
    assert outline[-1] == ("L", 0, 4)
    assert max(x for x, _ in places(Path(outline))) == pytest.approx(24)


def test_the_inside_of_a_bent_knee_is_not_drawn_through_the_leg():
    bent = Path(limb([((0, 0), 6), ((30, 0), 6), ((30, 30), 6)]))
    flesh = [(-6, -4), (32, -4), (32, 30), (26, 30), (26, 4), (-6, 4)]
    assert not any(within(place, flesh) for place in places(bent))


def test_a_closed_curve_comes_back_to_where_it_began():
    curve = smooth([(0, 0), (10, 0), (5, 8)], closed=True)
    assert curve[-2][-2:] == curve[0][1:]
    assert curve[-1] == ("Z",)


@pytest.mark.parametrize("kind", PROPS)
def test_a_prop_fills_its_box_and_can_be_turned_around(kind):
    for mirror in (False, True):
        outlines = prop(kind, (10, 20, 60, 40), mirror=mirror)
        spots = [place for outline in outlines for place in places(outline)]
        assert 9 <= min(x for x, _ in spots) <= 12
        assert 68 <= max(x for x, _ in spots) <= 71
        assert min(y for _, y in spots) >= 19
        assert max(y for _, y in spots) <= 62


def test_an_arrow_ends_in_two_strokes_of_equal_length():
    shaft, head = arrow([(0, 0), (20, 0)])
    (_, *left), (_, *tip), (_, *right) = head.commands
    assert shaft.role is Role.MOTION
    assert tip == [20, 0]
    assert left[0] == right[0]
    assert left[1] == -right[1]


def test_a_step_number_is_drawn_without_a_font():
    ring, stroke = numeral(2, 14, 20)
    assert all(abs(x - 14) < ring.r and abs(y - 20) < ring.r for x, y in places(stroke))


def test_a_pose_without_a_person_names_what_it_lacks():
    with pytest.raises(KeyError, match="people"):
        figure("empty", {"title": "Empty", "alt": "A person is missing.", "size": [10, 10]})
