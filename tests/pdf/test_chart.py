"""The chart on paper: every page says whose it is, and each note stands with who signed it and the code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from intake.pdf import chart
from intake.pdf.model import AnsweredPart, AnsweredRow, ChartAddition, ChartNote, ChartRecord

ROWS = (AnsweredRow("Impression", ("Scar pain, better since May.",)), AnsweredRow("Goals", ("Walk & run <far>",)))


@pytest.fixture
def record():
    notes = tuple(
        ChartNote(
            f"Evaluation {number}", "Visit on Sep 16, 2026", ("Late entry: signed 4 days after the visit.",),
            (AnsweredPart("Impression", ROWS), AnsweredPart("POP-Q", ())), f"Signed by Sample, PT. Code AB{number:02}",
            (ChartAddition("Addendum", "She called.", "Added by Sample, PT. Code CD01"),),
        )
        for number in range(12)
    )  # fmt: skip
    return ChartRecord(
        "Riverbend Clinic", "Sample Person", date(1993, 4, 27), "1A2B-3C4D", date(2026, 9, 20), 1, 1,
        ("Notes that are not signed yet are not in it.",), (AnsweredPart("Allergies", ROWS[:1]),),
        ("Sep 16, 2026, Pat Example",), notes,
    )  # fmt: skip


def test_each_note_stands_with_its_signature_its_code_and_what_was_added(record, look):
    text = " ".join(look(chart.render(record)).text.split())
    for number in range(12):
        assert f"Code AB{number:02}" in text
    for words in ("Late entry", "She called.", "Walk & run <far>", "Not examined", "Allergies", "1A2B-3C4D"):
        assert words in text
    assert "Part 1" not in text


def test_every_page_says_whose_it_is_and_whether_it_holds_what_is_sensitive(record, look):
    plain = look(chart.render(record))
    assert len(plain.pages) > 1
    assert all("Sample Person" in page for page in plain.pages)
    assert "Contains sensitive answers" not in plain.text
    marked = look(chart.render(replace(record, holds_sensitive=True, part=2, parts=3)))
    assert all("Contains sensitive answers" in page and "Part 2 of 3" in page for page in marked.pages)


def test_the_same_chart_gives_the_same_bytes_on_either_paper(record):
    for paper in ("letter", "a4"):
        assert chart.render(record, paper=paper) == chart.render(record, paper=paper)


def test_a_chart_without_a_signed_note_says_so(record, look):
    assert "There is no signed note." in look(chart.render(replace(record, notes=()))).text
