"""Answers on paper, for the record: every page says whose they are, and whether sensitive ones are among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from intake.pdf import answers
from intake.pdf.model import AnsweredPart, AnsweredRow, AnswersRecord
from intake.pdf.styles import BOTTOM, MARGIN, SMALLEST, TOP

ROWS = (
    AnsweredRow("What do you want most from these visits?", ("Run with the stroller again",), "quoted"),
    AnsweredRow("Do you leak?", ("Yes",)),
    AnsweredRow("Do you smoke?", ("Prefers not to say",), "declined"),
    AnsweredRow("Does it burn when you pee?", ("Not answered",), "skipped"),
    AnsweredRow("Your births", ("When: May 3, 2026; How: vaginal", "When: 2021")),
)


@pytest.fixture
def record():
    return AnswersRecord(
        clinic_name="Riverbend Clinic",
        name="Sample Person",
        birth_date=date(1993, 4, 27),
        visit_on=date(2026, 9, 16),
        title="Before your visit",
        version=2,
        state="Handed in Sep 15, 2026, 12:00 PM.",
        who="me",
        in_person=("Is it all right to ask about sex?",),
        parts=tuple(AnsweredPart(f"Part {number}", ROWS) for number in range(12)),
    )


def test_every_answer_stands_under_its_question_and_her_words_are_quoted(record, look):
    text = look(answers.render(record)).text
    for words in (
        "What do you want most from these visits? “Run with the stroller again”",
        "Do you leak? Yes",
        "Do you smoke? Prefers not to say",
        "Does it burn when you pee? Not answered",
        "Would rather say in person",
        "Answered by the patient alone. ",
        "Version 2 of the form, in the words of that time.",
    ):
        assert words in text


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_every_page_says_whose_it_is_and_which_of_how_many(record, look, paper):
    pages = look(answers.render(record, paper=paper)).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert "Sample Person · born April 27, 1993" in page
        assert f"Page {number} of {len(pages)}" in page
        assert "Contains sensitive answers" not in page


def test_with_sensitive_answers_every_page_says_so(record, look):
    for page in look(answers.render(replace(record, holds_sensitive=True))).pages:
        assert "Contains sensitive answers" in page


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_words_keep_to_their_page_and_clear_of_the_header(record, look, paper):
    long = AnsweredPart("Long words " * 20, (AnsweredRow("What is it? " * 40, ("word " * 390, "x" * 1900), "quoted"),))
    named = replace(record, name="A very long name " * 12, parts=(*record.parts, long), holds_sensitive=True)
    printed = look(answers.render(named, paper=paper))
    width, height = printed.size
    for glyph in printed.glyphs():
        assert MARGIN - 2 <= glyph.left <= glyph.right <= width - MARGIN + 2
        assert 20 <= glyph.bottom <= glyph.top <= height - 20
        assert glyph.size >= SMALLEST - 0.01
        assert not height - TOP - 1 < glyph.top < height - 35, "nothing stands between the header and the text"
        assert glyph.bottom >= BOTTOM - 25


def test_the_same_answers_give_the_same_bytes_and_other_answers_others(record):
    assert answers.render(record) == answers.render(record)
    assert answers.render(record) != answers.render(replace(record, name="Somebody Else"))


def test_words_cannot_act_as_markup_and_what_the_font_lacks_is_a_visible_box(record, look):
    odd = AnsweredPart("<b>Part</b>", (AnsweredRow("<i>Why?</i>", ("<para>&amp; \u202e 日本",), "quoted"),))
    text = look(answers.render(replace(record, parts=(odd,)))).text
    assert "<b>Part</b>" in text
    assert "“<para>&amp; [?][?]”" in text


def test_nothing_beside_the_pages_says_whose_they_are(record, look):
    reader = look(answers.render(record)).reader
    assert reader.metadata.title == "Answers"
    assert "Sample" not in f"{reader.metadata} {reader.xmp_metadata} {reader.outline}"


def test_it_can_be_read_aloud_in_order(record, look):
    root = look(answers.render(record)).reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-US"


def test_a_form_without_answers_says_so(record, look):
    assert "Nothing is answered yet." in look(answers.render(replace(record, parts=(), in_person=()))).text
