"""A superbill on paper: whose visit, which codes, what they come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from intake.pdf import superbill
from intake.pdf.model import BilledCode, BilledFact, Superbill


@pytest.fixture
def bill():
    return Superbill(
        clinic_name="Fernbank Clinic",
        clinic_lines=("1 Example Street", "555-0100"),
        name="Rowan Invented",
        birth_date=date(1993, 4, 27),
        visit_on=date(2026, 9, 16),
        facts=(BilledFact("Provider", "Tess Therapist, PT"), BilledFact("Payer", "")),
        diagnoses=(BilledCode("N94.11", "Superficial (introital) dyspareunia"),),
        procedures=(BilledCode("97110", "Exercise", "33", "2", "90.00"), BilledCode("97161", "Evaluation", "", "1")),
        sums=("Timed minutes: 33.", "All charges: 90.00"),
        remarks=("Not billed: 99999.",),
    )


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_everything_a_payer_asks_stands_on_one_page(bill, look, paper):
    (page,) = look(superbill.render(bill, paper=paper)).pages
    for words in (
        "Superbill", "Fernbank Clinic", "Rowan Invented", "April 27, 1993", "September 16, 2026", "Tess Therapist, PT",
        "N94.11", "Superficial (introital) dyspareunia", "97110", "33", "90.00", "Timed minutes: 33.",
        "All charges: 90.00", "Not billed: 99999.", "Page 1 of 1",
    ):  # fmt: skip
        assert words in page
    assert "Payer:" not in page


def test_an_empty_bill_says_so(bill, look):
    text = look(superbill.render(replace(bill, diagnoses=(), procedures=(), sums=(), remarks=()))).text
    assert "None is on this bill." in text
    assert "None is written in this note." in text


def test_the_same_bill_gives_the_same_bytes(bill):
    assert superbill.render(bill) == superbill.render(bill)


def test_words_are_never_taken_for_marks_of_the_printer(bill, look):
    odd = replace(bill, diagnoses=(BilledCode("N94.11", "<b>5 < 6 & more</b>"),))
    assert "<b>5 < 6 & more</b>" in look(superbill.render(odd)).text
