"""A chart number is short, and leads to its chart and no other."""

from __future__ import annotations

import uuid

import pytest

from intake.clinical.chart_numbers import chart_number, ids

CHART = uuid.UUID("3f2a91c0-4be1-4d3c-9a0e-1b2c3d4e5f60")


def test_it_is_the_beginning_of_the_id():
    assert chart_number(CHART) == "3F2A-91C0"


@pytest.mark.parametrize("typed", ["3F2A-91C0", "3f2a91c0", " 3f2a 91c0 ", "3F2A91C04BE1", str(CHART), CHART.hex])
def test_however_it_is_typed_it_leads_to_the_chart(typed):
    first, last = ids(typed)
    assert first <= CHART <= last
    assert not first <= uuid.UUID(int=CHART.int + (1 << 96)) <= last


@pytest.mark.parametrize("typed", ["", "3F2A", "3F2A-91C", "not a number", "3F2A-91CG", "3" * 33, "-" * 9])
def test_what_is_none_is_none(typed):
    assert ids(typed) is None
