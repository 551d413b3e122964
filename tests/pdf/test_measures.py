"""Measures on paper."""

from __future__ import annotations

import io
from datetime import date

from pypdf import PdfReader

from intake.pdf.measures import render
from intake.pdf.model import ChartMark, ChartPoint, ChartRun, MeasureRecord, MeasureRow, MeasureTrend

DAY = date(2026, 9, 15)


def record(*trends):
    return MeasureRecord("Fernbank (fictional)", "Rowan <b>Invented</b>", date(1993, 4, 27), DAY, trends)


def trend(count=2, label="ODI"):
    points = tuple(ChartPoint(number / max(count - 1, 1), 0.5, hollow=number == 0) for number in range(count))
    rows = tuple(MeasureRow(DAY, str(number), "moderate & <i>so</i>") for number in range(count))
    marks = (ChartMark(0.4, False, "Dashed line, 40: it matters."), ChartMark(0.3, True, "Dotted line, 30."))
    return MeasureTrend(label, "ODI, 0 to 100: from 60 to 40.", "0", "100", (ChartRun(points),), marks, rows)


def words(made):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())


def test_the_chart_its_words_its_marks_and_every_value_are_there():
    text = words(render(record(trend())))
    for told in ("Rowan <b>Invented</b>", "ODI, 0 to 100: from 60 to 40.", "Dashed line, 40", "moderate & <i>so</i>"):
        assert told in text


def test_the_chart_is_a_figure_that_is_told_aloud():
    made = PdfReader(io.BytesIO(render(record(trend()))))
    assert (
        "/Figure" in str(made.trailer["/Root"]["/StructTreeRoot"])
        or b"/Figure" in made.pages[0].get_contents().get_data()
    )


def test_without_a_measure_it_says_so_and_without_a_chart_the_values_stand_alone():
    assert "No measure was taken yet." in words(render(record()))
    alone = MeasureTrend("PSFS", "", "", "", (), (), (MeasureRow(DAY, "4.5", ""),))
    assert "September 15, 2026: 4.5" in words(render(record(alone)))


def test_many_measures_fill_pages_and_the_same_ones_give_the_same_bytes():
    many = record(*(trend(12, f"Measure {number}") for number in range(9)))
    made = render(many, paper="a4")
    assert len(PdfReader(io.BytesIO(made)).pages) > 2
    assert made == render(many, paper="a4")
