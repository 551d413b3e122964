"""A blank form on paper: large enough to read and to write on, with nobody's name in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.forms import paper, reader
from intake.pdf import paper_form
from intake.pdf.model import PaperForm
from intake.pdf.styles import MARGIN, SMALLEST


@pytest.fixture(scope="module")
def parts():
    return paper.parts(reader.latest("check-in"))


@pytest.fixture(scope="module")
def whole():
    return paper.parts(reader.latest("intake"))


@pytest.fixture
def blank(clinic, parts):
    return PaperForm(clinic, "Before today", 1, parts)


def test_the_front_says_whom_to_call_when_not_to_wait_and_leaves_a_line_for_the_name(blank, look):
    first = look(paper_form.render(blank)).pages[0]
    for words in (
        "Before today", "Riverbend Clinic", "Call us at (555) 010-0100.", "Your name:", "Date of birth:",
        "When to get help now", "Emergency: 911", "988", "Nobody reads it around the clock.",
    ):  # fmt: skip
        assert words in first


def test_every_option_has_its_box_and_every_scale_its_numbers(blank, parts, look):
    text = look(paper_form.render(blank)).text
    asked = [each for part in parts for each in part.asked]
    for each in asked:
        assert each.text in text
        for option in each.options if each.kind == paper.TICK else ():
            assert f"☐ {option}" in text
    assert any(each.kind == paper.SCALE for each in asked)
    assert "0 1 2 3 4 5 6 7 8 9 10" in text


@pytest.mark.parametrize("signs", [True, False])
def test_a_signature_is_for_agreements_only_where_there_are_any(blank, look, signs):
    text = look(paper_form.render(replace(blank, has_agreements=signs))).text
    assert "Signature:" in text
    assert ("for the agreements that I ticked" in text) is signs


@pytest.mark.dear
def test_private_parts_are_on_sheets_of_their_own_with_a_line_for_the_name(clinic, whole, look):
    pages = look(paper_form.render(PaperForm(clinic, "Before your visit", 3, whole))).pages
    (start,) = [number for number, page in enumerate(pages) if page.startswith("For you alone")]
    assert "Your name:" in pages[start]
    assert "Fold them" in pages[start]
    private = [part.asked[-1].text for part in whole if part.is_private]
    public = [part.asked[-1].text for part in whole if not part.is_private and part.asked[-1].text]
    assert private
    for words in private:
        assert not any(words in page for page in pages[:start])
    for words in public:
        assert not any(words in page for page in pages[start:]), words
    assert any("Signature:" in page for page in pages[:start])


@pytest.mark.dear
@pytest.mark.parametrize("size", ["letter", "a4"])
def test_everything_keeps_to_its_page_and_is_large_enough(clinic, whole, look, size):
    printed = look(paper_form.render(PaperForm(clinic, "Before your visit", 3, whole), paper=size))
    width, height = printed.size
    for glyph in printed.glyphs():
        assert MARGIN - 3 <= glyph.left <= glyph.right <= width - MARGIN + 3
        assert 20 <= glyph.bottom <= glyph.top <= height - 20
        assert glyph.size >= SMALLEST - 0.01


@pytest.mark.dear
def test_no_name_of_a_language_prints_as_a_placeholder(clinic, whole, look):
    text = look(paper_form.render(PaperForm(clinic, "Before your visit", 3, whole))).text
    assert "[?]" not in text
    assert "☐ 中文 (Chinese)" in text or "☐ Chinese" in text, "as far as this system has a face for it"


def test_the_same_form_gives_the_same_bytes_and_its_title_says_nothing(blank, look):
    assert paper_form.render(blank) == paper_form.render(blank)
    reader_ = look(paper_form.render(blank)).reader
    assert reader_.metadata.title == "Form"
    assert reader_.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_without_a_clinic_it_prints_all_the_same(blank, look):
    bare = replace(blank, clinic=replace(blank.clinic, name="", phone=""))
    assert "Before today" in look(paper_form.render(bare)).pages[0]


@pytest.mark.dear
def test_every_sheet_says_which_version_of_which_form_it_is(clinic, whole, look):
    pages = look(paper_form.render(PaperForm(clinic, "Before your visit", 3, whole))).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert "Before your visit, version 3 · Riverbend Clinic" in page
        assert f"Page {number} of {len(pages)}" in page


def test_a_long_name_of_a_form_leaves_its_version_readable(blank, look):
    text = look(paper_form.render(replace(blank, title="What we would like to know before we meet", version=12))).text
    assert ", version 12" in text
