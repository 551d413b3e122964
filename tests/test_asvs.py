"""The page of security requirements says what is so: every test it names is there, and what has none is open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tools import asvs
from tools.asvs import Row

GOOD = Row("1.2.9", 2, "Something", "So", ("tests/test_asvs.py::test_the_rows_are_in_order_and_whole",))
NODES = ("tests/test_asvs.py::test_nobody_wrote_this", "tests/test_gone.py::test_x", "tests/test_asvs.py", "README.md")


def test_the_rows_are_in_order_and_whole():
    assert list(asvs.faults(asvs.read().rows)) == []


def test_the_page_is_not_stale():
    assert asvs.PAGE.read_text(encoding="utf-8") == asvs.page(asvs.read()), "run `make asvs`"


def test_every_requirement_of_the_standard_is_listed_or_left_out_by_name():
    catalog = asvs.read()
    assert len(catalog.rows) + sum(number for number, _which, _why in catalog.left_out) == 345
    assert {row.place[0] for row in catalog.rows} == set(catalog.chapters)


def test_the_figures_on_top_are_those_of_the_rows():
    rows = asvs.read().rows
    met = sum(bool(row.tests) for row in rows)
    assert f"| All | {met} | {len(rows) - met} | {len(rows)} |" in asvs.PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("node", NODES)
def test_a_test_that_is_not_there_is_noticed(node):
    (found,) = asvs.faults([replace(GOOD, tests=(node,))])
    assert found == f"1.2.9 names {node}, which is not there"


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([GOOD, GOOD], "stands twice or out of order"),
        ([replace(GOOD, id="1.2.10"), GOOD], "stands twice or out of order"),
        ([replace(GOOD, why="Nobody looked")], "not both"),
        ([replace(GOOD, tests=())], "not both"),
        ([replace(GOOD, tests=GOOD.tests * 2)], "names a test twice"),
        ([replace(GOOD, how="")], "how it is met"),
        ([replace(GOOD, level=4)], "lacks its level"),
    ],
)
def test_a_row_that_is_out_of_order_or_claims_too_much_is_noticed(rows, fault):
    (found,) = asvs.faults(rows)
    assert fault in found


def test_numbers_are_in_the_order_of_numbers():
    assert list(asvs.faults([GOOD, replace(GOOD, id="1.2.10")])) == []


def test_a_requirement_without_a_test_shows_as_open():
    catalog = replace(asvs.read(), rows=(replace(GOOD, tests=(), why="Nobody has tried."),))
    assert "**Open.** Nobody has tried." in asvs.page(catalog)
    assert "| All | 0 | 1 | 1 |" in asvs.page(catalog)
