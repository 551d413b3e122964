"""The Brink scale: three parts of 1 to 4, a total of 3 to 12, and none with a part missing."""

from __future__ import annotations

import itertools
import random

import pytest

from intake.clinical.brink import duration_of, total
from tests.sizes import size


@pytest.mark.parametrize(("parts", "sum_"), [((1, 1, 1), 3), ((2, 3, 4), 9), ((4, 4, 4), 12), ((3, 1, 2), 6)])
def test_the_total_is_the_sum_of_the_three_parts(parts, sum_):
    assert total(*parts) == sum_


@pytest.mark.parametrize("parts", [(None, 3, 4), (2, None, 4), (2, 3, None), (0, 3, 4), (2, 5, 4)])
def test_without_all_three_parts_there_is_no_total(parts):
    assert total(*parts) is None


@pytest.mark.parametrize(("seconds", "grade"), [(0, 1), (0.5, 2), (0.99, 2), (1, 3), (3, 3), (3.1, 4), (10, 4)])
def test_how_long_it_was_held_has_a_grade(seconds, grade):
    assert duration_of(seconds) == grade


def test_every_total_agrees_with_a_table_of_all_of_them():
    table = dict.fromkeys(itertools.product(range(1, 5), repeat=3), 0)
    for parts in table:
        for part in parts:
            table[parts] += part
    assert set(table.values()) == set(range(3, 13))
    rng = random.Random(7)
    for _ in range(size(5_000, 100_000)):
        parts = tuple(rng.choice((None, 0, 1, 2, 3, 4, 5)) for _ in range(3))
        assert total(*parts) == table.get(parts)
