"""The maps a patient marks: every region is there, in the box, on the patient's own side, and in the list."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from intake.forms.bodymap import bodymap, read, regions
from intake.forms.errors import FormError
from intake.forms.reader import latest, load

TEMPLATES = Path(__file__).parents[2] / "templates"
BODY = (
    "pubic belly-left belly-right scar groin-left groin-right hip-left hip-right low-back si-left si-right "
    "tailbone buttock-left buttock-right breast-left breast-right head calf-left calf-right"
)
PELVIS = "clitoral labia-left labia-right vestibule vaginal-opening perineum anus deep-inside"
CLOCK = "1 2 3 4 5 6 7 8 9 10 11 12"
SMALL = """
title = "Small"
width = 10
height = 10
labels = []
outlines = []
views = [{ id = "front", text = "Front", x = 5, y = 9 }]
regions = [{ code = "a", text = "A place", view = "front", circle = [5, 5, 2] }]
"""


def places(d):
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", d)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def middle(region):
    xs, ys = zip(*places(region.d), strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def as_xml(html):
    """HTML lets attributes stand alone and inputs stay open; XML does not."""
    html = re.sub(r" (checked|disabled|selected)(?=[ >])", r' \1=""', html)
    return re.sub(r"(<input[^>]*)>", r"\1/>", html)


@pytest.fixture(scope="module")
def draw():
    room = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    room.install_null_translations()
    room.filters["translated"] = str
    macro = room.get_template("macros/map.html").module.bodymap
    return lambda *given, **named: ET.fromstring(as_xml(str(macro(*given, **named))))


@pytest.mark.parametrize(
    ("name", "codes"), [("body", BODY), ("pelvis", PELVIS), ("clock", CLOCK), ("clinicclock", CLOCK)]
)
def test_every_region_a_form_may_name_is_on_the_map_once(name, codes):
    assert sorted(region.code for region in regions(name)) == sorted(codes.split())


@pytest.mark.parametrize("name", ["body", "pelvis", "clock", "clinicclock"])
def test_everything_is_drawn_inside_the_box(name):
    drawn = bodymap(name)
    for x, y in (place for part in (*drawn.regions, *drawn.outlines) for place in places(part.d)):
        assert 0 <= x <= drawn.width
        assert 0 <= y <= drawn.height


@pytest.mark.parametrize("name", ["body", "pelvis"])
def test_left_is_the_patients_left(name):
    drawn = bodymap(name)
    middles = {view.id: view.x for view in drawn.views}
    for region in drawn.regions:
        if not region.code.endswith(("-left", "-right")):
            continue
        left, right_of_page = region.code.endswith("-left"), middle(region)[0] > middles[region.view]
        assert right_of_page == (left != (region.view == "back"))
        assert region.text.startswith("Left" if left else "Right")


@pytest.mark.parametrize("name", ["body", "pelvis", "clock", "clinicclock"])
def test_left_and_right_are_written_on_the_side_they_name(name):
    drawn = bodymap(name)
    for label in (label for label in drawn.labels if label.text in {"Left", "Right"}):
        view = min(drawn.views, key=lambda view: abs(view.x - label.x))
        assert (label.x > view.x) == ((label.text == "Left") != (view.id == "back"))


def test_the_clock_has_twelve_at_the_pubic_bone_and_three_at_the_patients_left():
    spots = {region.code: middle(region) for region in regions("clock")}
    assert min(spots.values(), key=lambda spot: spot[1]) == spots["12"]
    assert max(spots.values(), key=lambda spot: spot[1]) == spots["6"]
    assert max(spots.values(), key=lambda spot: spot[0]) == spots["3"]
    assert min(spots.values(), key=lambda spot: spot[0]) == spots["9"]
    words = {region.code: region.text for region in regions("clock")}
    assert "pubic bone" in words["12"]
    assert "perineum" in words["6"]
    assert "your left" in words["3"]
    assert "your right" in words["9"]


def test_who_examines_reads_whose_left_it_is_on_a_clock_drawn_the_same():
    words = {region.code: region.text for region in regions("clinicclock")}
    assert words["3"] == "3 o'clock, patient's left"
    assert words["9"] == "9 o'clock, patient's right"
    assert not any("your" in text for text in words.values())
    patients = bodymap("clock")
    assert [each.d for each in regions("clinicclock")] == [each.d for each in patients.regions]
    assert bodymap("clinicclock").labels == patients.labels


@pytest.mark.parametrize("kind", ["evaluation", "daily-note", "re-evaluation", "progress-report", "discharge"])
def test_no_clock_of_a_note_speaks_to_the_patient(kind):
    asked = [question for question in latest(kind).questions() if question.map]
    assert not [question.id for question in asked for region in regions(question.map) if "your" in region.text.lower()]


def test_an_evaluation_of_the_first_version_keeps_its_words():
    maps = {question.map for question in load("evaluation", 1).questions() if question.map}
    assert maps == {"clock"}


def test_words_for_a_place_that_is_not_drawn_are_refused():
    with pytest.raises(FormError, match="there is no region '13'"):
        read("extra", 'title = "More"\nlike = "clock"\n[[regions]]\ncode = "13"\ntext = "Thirteen"')


@pytest.mark.parametrize("name", ["moon", "", "../maps/body", "body.toml"])
def test_a_map_that_does_not_exist_is_a_key_error(name):
    with pytest.raises(KeyError):
        bodymap(name)


def test_a_circle_is_a_path_like_every_other_region():
    (region,) = read("small", SMALL).regions
    assert region.d.startswith("M 5 3 C ")
    assert middle(region) == (5, 5)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('view = "front", circle', 'view = "side", circle', "no view 'side'"),
        ('text = "A place"', 'text = " "', "'a' has no text"),
        (", circle = [5, 5, 2]", "", "'d'"),
        ("width = 10", "", "'width'"),
        ("title =", "title", "cannot be read"),
        ("regions = [", 'regions = [{ code = "a", text = "B", view = "front", d = "M1 1" }, ', "there twice"),
    ],
)
def test_a_wrong_file_says_what_to_mend(before, after, said):
    with pytest.raises(FormError, match=said):
        read("small", SMALL.replace(before, after))


def test_the_list_alone_answers_without_the_drawing(draw):
    page = draw(bodymap("body"), "pn_map", ["low-back"])
    boxes = page.findall(".//input")
    assert {box.get("name") for box in boxes} == {"pn_map"}
    assert [box.get("value") for box in boxes] == [region.code for region in regions("body")]
    assert [box.get("id") for box in boxes if "checked" in box.attrib] == ["pn_map.low-back"]
    assert {label.get("for") for label in page.findall(".//label")} == {box.get("id") for box in boxes}


def test_the_drawing_shows_what_is_chosen_and_is_hidden_from_screen_readers(draw):
    svg = draw(bodymap("pelvis"), "pn", ["perineum"]).find("svg")
    shapes = svg.findall(".//path[@data-region]")
    assert svg.get("aria-hidden") == "true"
    assert [shape.get("data-region") for shape in shapes if "chosen" in shape.get("class")] == ["perineum"]
    assert {"Left", "Right"} <= {text.text for text in svg.iter("text")}
    assert not any("style" in mark.attrib for mark in svg.iter())


def test_a_rated_map_takes_nought_to_ten_for_each_place(draw):
    page = draw(bodymap("clock"), "tender", [], rated=True, values={"3": 7, "6": "0"})
    lists = {each.get("name"): each for each in page.iter("select")}
    assert set(lists) == {f"tender.{region.code}" for region in regions("clock")}
    steps = lists["tender.3"].findall("option")
    assert [step.get("value") for step in steps] == ["", *map(str, range(11))]
    assert lists["tender.3"].find("option[@selected]").get("value") == "7"
    assert lists["tender.6"].find("option[@selected]").get("value") == "0"
    assert lists["tender.1"].find("option[@selected]") is None


def test_a_map_that_may_not_be_changed_is_disabled(draw):
    page = draw(bodymap("body"), "pn_map", [], disabled=True)
    assert all("disabled" in box.attrib for box in page.iter("input"))
