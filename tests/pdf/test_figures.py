"""Exercise figures on paper: true to shape, with lines that grow and shrink with the figure."""

import pytest
from reportlab.graphics import renderPDF
from reportlab.graphics import shapes as rl

from intake.library.figures.poses import figures
from intake.library.figures.shapes import Circle, Figure, Line, Path, Role
from intake.pdf.figures import STYLES, drawing

SQUARE = Figure(
    "square",
    "Square",
    "A person is left out.",
    100,
    50,
    (
        Line(0, 50, 100, 50),
        Path((("M", 0, 0), ("C", 0, 0, 50, 0, 50, 50), ("L", 0, 50))),
        Circle(5, 5, 2, Role.MOTION),
    ),
)


@pytest.mark.parametrize("name", figures())
def test_every_figure_prints(name):
    assert renderPDF.drawToString(drawing(figures()[name], 113.4)).startswith(b"%PDF")


def test_a_figure_is_as_wide_as_asked_and_keeps_its_shape():
    drawn = drawing(SQUARE, 40)
    assert (drawn.width, drawn.height) == (40, 20)


def test_up_stays_up_on_paper_and_line_weights_shrink_with_the_figure():
    (group,) = drawing(SQUARE, 40).contents
    across, _, _, down, _, lift = group.transform
    assert (across, down) == (0.4, -0.4)
    assert (50 * down + lift, 0 * down + lift) == (0, 20)


def test_every_role_has_a_look_and_a_limb_that_is_open_is_still_filled():
    line, path, circle = drawing(SQUARE, 40).contents[0].contents
    assert set(STYLES) == set(Role)
    assert path.autoclose == "svg"
    assert path.fillColor == STYLES[Role.BODY]["fillColor"]
    assert circle.fillColor is None
    assert isinstance(line, rl.Line)


def test_a_shape_that_cannot_be_printed_is_refused():
    odd = Figure("odd", "Odd", "A person is left out.", 10, 10, ("scribble",))
    with pytest.raises(TypeError, match="no way to print a str"):
        drawing(odd, 40)
