"""A cell of a table is words, whatever stands in it."""

from __future__ import annotations

import csv
import io

import pytest

from intake.security import cells

FORMULAS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\ufeff=1", "|x", "%x", "=\0"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_shown_and_not_worked_out(formula):
    assert cells.plain(formula).startswith("'")
    assert cells.plain(formula)[1:] == formula.replace("\0", "")


@pytest.mark.parametrize("words", ["", "Ada Example", "a=b", "2026-09-15 12:00", "O'Example", "Zoë 李"])
def test_words_stay_as_they_are(words):
    assert cells.plain(words) == words


def test_a_table_reads_back_cell_for_cell():
    rows = [["a", 'say "x"'], ["two\nlines", ""], ["one,two;three", "é"]]
    text = cells.table(rows)
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows
    assert text.startswith('"a","say ""x"""\r\n')


def test_a_nul_behind_which_a_formula_hides_is_taken_out():
    assert cells.plain("\0=1") == "'=1"


def test_a_table_without_the_guard_would_hold_a_formula(monkeypatch):
    """The planted fault."""
    monkeypatch.setattr(cells, "STARTS", ("no such start",))
    assert '"=1+1"' in cells.table([["=1+1"]])
