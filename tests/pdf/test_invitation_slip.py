"""The slip that invites somebody: neutral words, and a square to scan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from intake.pdf import invitation_slip
from intake.pdf.model import InvitationSlip
from intake.pdf.styles import MARGIN

SUBJECT = ("pelvi", "birth of", "baby", "pregnan", "postpartum", "therap", "exercise", "sex", "health")


@pytest.fixture
def slip():
    return InvitationSlip(
        clinic_name="Riverbend Clinic",
        clinic_phone="(555) 010-0100",
        link="https://visit.example/i/7Q4M",
        code="K7QM-4T2X-9HPD",
        expires_on=date(2026, 6, 20),
        when="Monday, June 29, 2026, at 10:00 am",
    )


@pytest.fixture
def printed(slip, look):
    return look(invitation_slip.render(slip))


def test_one_page_says_where_to_go_with_which_code_until_when_and_whom_to_ask(printed):
    assert len(printed.pages) == 1
    for words in (
        "https://visit.example/i/7Q4M",
        "K7QM-4T2X-9HPD",
        "until June 20, 2026",
        "(555) 010-0100",
        "Monday, June 29, 2026, at 10:00 am",
        "Type your date of birth",
    ):
        assert words in printed.text


def test_the_address_to_type_holds_no_code_and_the_square_does(slip, look, monkeypatch):
    squares = []
    monkeypatch.setattr(invitation_slip, "fits", lambda link: squares.append(link) or True)
    linked = replace(slip, link=f"https://visit.example/f#{slip.code}")
    words = look(invitation_slip.render(linked)).text
    assert "https://visit.example/f" in words
    assert words.count(slip.code) == 1, "in its box, and nowhere else"
    assert squares == [linked.link]


def test_no_word_tells_what_the_visit_is_about(printed):
    words = f"{printed.text} {printed.reader.metadata.title}".lower()
    assert not [word for word in SUBJECT if word in words]


def test_the_code_is_printed_large(printed):
    largest = max(glyph.size for glyph in printed.glyphs())
    assert "".join(glyph.character for glyph in printed.glyphs() if glyph.size == largest) == "K7QM-4T2X-9HPD"


def test_a_screen_reader_is_told_what_the_square_is_for(printed):
    parts = [part.get_object() for part in printed.reader.trailer["/Root"]["/StructTreeRoot"]["/K"]["/K"]]
    [square] = [part for part in parts if part["/S"] == "/Figure"]
    assert square["/Alt"] == "A square for your camera. It opens the address on this page."


def test_the_same_slip_gives_the_same_bytes(slip):
    assert invitation_slip.render(slip) == invitation_slip.render(slip)


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595.3, 841.9))])
def test_it_prints_on_either_paper(slip, look, paper, size):
    printed = look(invitation_slip.render(slip, paper=paper))
    assert printed.size == pytest.approx(size, abs=0.1)
    assert len(printed.pages) == 1


def test_every_font_is_embedded(printed):
    assert all(printed.fonts.values())
    assert b"/Helvetica" not in printed.content


@pytest.mark.parametrize("words", ["", "<b>&</b><img src='x'/>", "w" * 10_000, "a\0\u202eb", "مرحبا 😀", "a\n" * 300])
def test_whatever_is_typed_prints_inside_the_frame(slip, look, words):
    hostile = replace(slip, clinic_name=words, clinic_phone=words, link=words, code=words, when=words)
    printed = look(invitation_slip.render(hostile))
    assert all(glyph.left >= MARGIN - 2 for glyph in printed.glyphs())
    assert all(glyph.right <= printed.size[0] - MARGIN + 2 for glyph in printed.glyphs())
