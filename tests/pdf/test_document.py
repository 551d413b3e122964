"""Names and words in any script we have a face for: embedded, in their order, found again, and told where not."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader

from intake.pdf import document, fonts
from intake.pdf.blocks import Box, Columns
from intake.pdf.flow import heading, labelled, text, together
from intake.pdf.language import US_ENGLISH
from intake.pdf.styles import MARGIN, TITLE

NAMES = ("محمد فرن", "שרה עלה", "بسلام", "Zoë Ξ Жанна", "🌿 Fern")
TOLD = "[?] stands for a letter that could not be printed."


def printed(*flowables, footer="", header=("", "")):
    return document.write(flowables, title="Names", paper="letter", language=US_ENGLISH, footer=footer, header=header)


def on(content):
    """The words of the first page as a reader finds them, letters in the order in which they were written."""
    return pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_again_as_it_was_written_wherever_it_stands(name):
    assert name in on(printed(text(name)))
    assert name in on(printed(heading(name, TITLE)))
    assert name in on(printed(labelled("Name:", name)))
    for word in name.split():
        assert word in on(printed(text("x"), header=(f"{name} · born May 3, 1990", "")))


def test_the_same_names_give_the_same_bytes_and_every_face_is_embedded_in_part():
    content, again = (printed(*map(text, NAMES), *(heading(name, TITLE) for name in NAMES)) for _ in range(2))
    assert content == again
    found = [
        font.get_object() for page in PdfReader(BytesIO(content)).pages for font in page["/Resources"]["/Font"].values()
    ]
    drawn = {str(font["/BaseFont"]) for font in found}
    light_and_bold = [f"NotoSans{script}-{weight}" for script in ("Arabic", "Hebrew") for weight in ("Regular", "Bold")]
    for face in (*light_and_bold, "NotoEmoji-Regular"):
        assert any(face in name for name in drawn), drawn
    assert all("/FontFile2" in font["/FontDescriptor"] and "+" in str(font["/BaseFont"]) for font in found)
    assert len(content) < 120_000, "only the letters that are used"


def edges(look, content, letters):
    """(left edge, letter) of these letters, from left to right."""
    return sorted((glyph.left, glyph.character) for glyph in look(content).glyphs() if glyph.character in letters)


def test_a_line_to_the_left_begins_on_the_right(look):
    assert [each for _left, each in edges(look, printed(text("שרה")), "שרה")] == list("הרש")


def test_the_lines_of_a_text_to_the_left_follow_each_other_downwards_and_stand_on_the_right(look):
    content = printed(text(" ".join(f"מילה{number}" for number in range(10, 60))))
    found = on(content)
    assert found.index("10") < found.index("30") < found.index("59")
    assert edges(look, content, "מ")[-1][0] > 612 - MARGIN - 20
    (last,) = [glyph for glyph in look(content).glyphs() if glyph.character == "9" and glyph.bottom < 700][-1:]
    assert last.left > MARGIN, "the last line is short, and stands on the right"


def test_the_running_head_begins_with_the_name_on_the_left(look):
    content = printed(text("x"), header=("שרה · born May 3", ""))
    assert edges(look, content, "שרה")[-1][0] < edges(look, content, "b")[0][0]


@pytest.mark.parametrize(
    "flowable",
    [
        text("हि"), labelled("Name:", "हि"), together([text("a"), text("हि")])[0], Box([text("हि")]),
        Columns([[text("a")], [Box([text("हि")])]], (0.5, 0.5)),
    ],
)  # fmt: skip
def test_a_document_says_that_a_letter_could_not_be_printed_and_where_it_is_kept(flowable):
    found = " ".join(on(printed(flowable)).split())
    assert f"{TOLD} The record keeps the words as they were typed." in found


def test_so_it_does_where_the_letter_stands_in_a_running_line():
    assert TOLD in on(printed(text("a"), footer="हि"))
    assert TOLD in on(printed(text("a"), header=("[?][?] · born May 3", "")))


def test_a_document_of_letters_that_print_says_nothing_of_it():
    assert TOLD not in on(printed(*map(text, NAMES), footer="Zoë"))


def test_the_faces_beside_the_module_come_with_their_licenses_and_are_small():
    files = list(fonts.FOLDER.glob("*.ttf"))
    assert sum(file.stat().st_size for file in files) < 1_000_000
    assert {face.file for face in fonts.OTHERS if face.file.parent == fonts.FOLDER} <= set(files)
    for name in ("noto-sans-arabic", "noto-sans-hebrew", "noto-emoji"):
        assert "SIL Open Font License" in (fonts.FOLDER / f"{name}.txt").read_text(encoding="ascii")


@pytest.mark.parametrize("words", ["Visit: September 16, 2026 · Fernbank Clinic (fictional)", "W" * 200, "жд " * 80])
def test_the_foot_is_as_long_as_its_line(words):
    """Beside it stands the number of the page."""
    page = pypdfium2.PdfDocument(printed(text("a"), footer=words))[0]
    where, found = page.get_width() - MARGIN - document.PAGE_WORDS_WIDTH, page.get_textpage()
    foot = found.get_text_bounded(bottom=0, top=50, right=where).strip()
    assert found.get_text_bounded(bottom=0, top=50, left=where).strip() == "Page 1 of 1"
    assert foot == words or (len(words) > 80 and foot.endswith("…"))
