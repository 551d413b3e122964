"""Answers on paper, for the record: every page says whose they are, and whether sensitive ones are among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from intake.pdf import answers
from intake.pdf.flow import TALL
from intake.pdf.model import AnsweredItem, AnsweredPart, AnsweredRow, AnswersRecord, ConfirmedItem
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


def test_words_cannot_act_as_markup_and_what_the_fonts_lack_is_a_visible_box(record, look):
    odd = AnsweredPart("<b>Part</b>", (AnsweredRow("<i>Why?</i>", ("<para>&amp; \u202e हि",), "quoted"),))
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


# ---------------------------------------------------------------- entries, and what was denied

SIGNS = ("Chest pain, or a heart that races or skips", "Trouble breathing")


def of(record, *rows):
    return replace(record, in_person=(), parts=(AnsweredPart("Your births", rows),))


def entry(number, lines):
    return tuple(AnsweredItem(f"Question {line} of {number}?", f"answer {number}-{line}") for line in range(lines))


def test_none_of_these_names_what_was_denied(record, look):
    text = look(answers.render(of(record, AnsweredRow("Any of these?", ("None of these",), denied=SIGNS)))).text
    assert f"Any of these? None of these Said no to: {SIGNS[0]}; {SIGNS[1]}" in text


def test_an_entry_is_indented_lines_with_a_number_where_there_are_several(record, look):
    printed = look(answers.render(of(record, AnsweredRow("Your births", (), entries=(entry(1, 2), entry(2, 2))))))
    assert "1. Question 0 of 1? answer 1-0 Question 1 of 1? answer 1-1 2. Question 0 of 2?" in printed.text
    lefts = {round(glyph.left) for glyph in printed.glyphs() if glyph.character == "Q"}
    assert min(lefts) >= MARGIN + 30
    alone = look(answers.render(of(record, AnsweredRow("Your births", (), entries=(entry(1, 2),))))).text
    assert "1. Question" not in alone
    denied = AnsweredItem("What went wrong?", "None of these", SIGNS)
    assert "Said no to: Chest pain" in look(answers.render(of(record, AnsweredRow("", (), entries=((denied,),))))).text


@pytest.mark.dear
@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("before", range(0, 30, 3))
def test_a_short_entry_is_never_parted_and_leaves_no_more_blank_than_it_needs(record, look, paper, before):
    rows = [AnsweredRow(f"Filler {number}?", ("Yes",)) for number in range(before)]
    entries = tuple(entry(number, 9) for number in range(12))
    printed = look(answers.render(of(record, *rows, AnsweredRow("Your births", (), entries=entries)), paper=paper))
    for number in range(12):
        on = [page for page in printed.pages if f"answer {number}-" in page]
        assert len(on) == 1, f"entry {number} stands on {len(on)} pages"
    assert max(blank(printed)[:-1]) <= TALL + 40


@pytest.mark.parametrize("before", range(0, 30, 3))
def test_an_entry_longer_than_a_page_prints_whole_and_breaks_between_its_lines(record, look, before):
    rows = [AnsweredRow(f"Filler {number}?", ("Yes",)) for number in range(before)]
    long = AnsweredRow("Your births", (), entries=(entry(1, 90), entry(2, 4)))
    printed = look(answers.render(of(record, *rows, long)))
    for line in range(90):
        assert any(f"Question {line} of 1? answer 1-{line}" in page for page in printed.pages)
    assert max(blank(printed)[:-1]) <= TALL + 40
    (end,) = [page for page in printed.pages if "answer 1-89" in page]
    assert "answer 1-88" in end


def test_a_long_text_begins_under_its_question_and_leaves_no_page_half_blank(record, look):
    rows = [AnsweredRow("What is it?", ("word " * 380,), "quoted")] * 6
    assert max(blank(look(answers.render(of(record, *rows))))[:-1]) <= 120


def blank(printed):
    """How much of each page is left blank at its end, in points."""
    above = ([glyph.bottom for glyph in page if glyph.bottom > BOTTOM - 5] for page in printed.glyphs_by_page)
    return [min(bottoms) - BOTTOM for bottoms in above]


def test_still_right_names_what_was_right_in_the_words_of_then_and_since_when(record, look):
    earlier = (
        ConfirmedItem("Have you any of these?", ("None of these",), date(2026, 5, 3), SIGNS),
        ConfirmedItem("How much does it bother you?", ("6/10",), date(2026, 5, 3)),
        ConfirmedItem("What do you take?", ("Name: iron", "Name: zinc"), date(2026, 6, 7)),
    )
    row = AnsweredRow("Is this still right?", ("Still right",), confirmed=earlier)
    text = look(answers.render(of(record, row))).text
    assert "How much does it bother you? 6/10 (May 3, 2026)" in text
    assert "Still right Have you any of these? None of these (May 3, 2026) Said no to: Chest pain" in text
    assert "What do you take? Name: iron Name: zinc (June 7, 2026)" in text


def test_what_was_called_right_without_seeing_it_says_so_before_it_is_named(record, look):
    earlier = (ConfirmedItem("How much does it bother you?", ("6/10",), date(2026, 5, 3)),)
    row = AnsweredRow("Is this still right?", ("Still right",), confirmed=earlier, unseen=True)
    text = look(answers.render(of(record, row))).text
    assert "Still right Called right without seeing the earlier answers: the form did not show them. How much" in text
